package org.askfirst.bench.lookup;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.askfirst.index.IndexView;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Match;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;

/** The rate of one core from the text of an address, as a crawler has it, to the verdict. */
final class Strings {
    private static final int SAMPLE = 400_000;
    private static final int BLOCK = 1_000;
    private static final Set<Use> ASKED = EnumSet.of(Use.TEXT_AND_DATA_MINING);

    private Strings() {}

    /** Arguments: the folder of the index, how many works are declared, the file of real addresses. */
    public static void main(String[] arguments) throws Exception {
        try (LookupIndex index = LookupIndex.open(Path.of(arguments[0]), Build.LEDGER)) {
            if (index.unusableReason() != null) {
                throw new IllegalStateException(index.unusableReason());
            }
            System.out.println("segments=" + index.view().keys());
            Works works = Works.of(Path.of(arguments[2]));
            long declared = Long.parseLong(arguments[1]);
            measure("urls", index.view(), works, declared, true, true);
            measure("mixed", index.view(), works, declared, false, true);
            System.gc();
            System.out.println("heap="
                    + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    static void measure(String name, IndexView view, Works works, long declared, boolean urlsAlone, boolean allStand) {
        String[] asked = new String[SAMPLE];
        int hits = 0;
        for (int i = 0; i < SAMPLE; i++) {
            asked[i] = works.asked(i, declared, urlsAlone);
            hits += Works.isHit(i) ? 1 : 0;
        }
        long told = 0;
        for (Verdicts verdicts : verdicts(view, List.of(asked))) {
            told += verdicts.verdict() == Verdict.UNKNOWN ? 0 : 1;
        }
        if (allStand ? told != hits : told > hits) {
            throw new IllegalStateException(told + " of " + hits + " declared works are known");
        }
        System.out.println(name + "="
                + Rounds.perSecond(name, number -> {
                    int from = (int) (number % (SAMPLE / BLOCK)) * BLOCK;
                    int unknown = 0;
                    for (Verdicts verdicts : verdicts(view, Arrays.asList(asked).subList(from, from + BLOCK))) {
                        unknown += verdicts.verdict() == Verdict.UNKNOWN ? 1 : 0;
                    }
                    if (unknown == 0) {
                        throw new IllegalStateException("all are known");
                    }
                    return BLOCK;
                }));
    }

    /** As the service judges the items of a call. */
    static List<Verdicts> verdicts(IndexView view, List<String> asked) {
        List<Subject> subjects = new ArrayList<>(asked.size());
        for (String one : asked) {
            subjects.add(Subject.parse(one));
        }
        List<Verdicts> verdicts = new ArrayList<>(asked.size());
        for (List<Match> matches : view.reaching(subjects)) {
            verdicts.add(
                    matches.isEmpty()
                            ? Nothing.VERDICTS
                            : Verdicts.of(matches.stream().map(Match::statement).toList(), ASKED, Instant.now()));
        }
        return verdicts;
    }

    /** The verdicts of a work without statements. They are the same for all, so the service caches them, too. */
    private static final class Nothing {
        static final Verdicts VERDICTS = Verdicts.of(List.<Statement>of(), ASKED, Instant.EPOCH);
    }
}
