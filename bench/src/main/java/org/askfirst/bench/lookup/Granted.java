package org.askfirst.bench.lookup;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.GrantId;
import org.askfirst.index.AskerGrants;
import org.askfirst.index.IndexView;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Match;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;

/**
 * The cost of grants: from the text of an address to the verdict, for an asker without grants and for one whose grants
 * name every declared work, in turn.
 */
final class Granted {
    private static final int SAMPLE = 200_000;
    private static final int BLOCK = 1_000;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int WORKS_OF_A_GRANT = 1_000;
    private static final Set<Use> ASKED = EnumSet.of(Use.AI_TRAINING);

    private Granted() {}

    /** Arguments: the folder of the index, how many works are declared, the file of real addresses. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long declared = Long.parseLong(arguments[1]);
        Works works = Works.of(Path.of(arguments[2]));
        try (LookupIndex index = LookupIndex.open(folder, Build.LEDGER)) {
            IndexView view = index.view();
            AskerGrants grants = grants(works, declared, Files.createTempDirectory(folder, "grants"));
            System.out.println("grants=" + grants.size());
            System.out.println("keys=" + grants.keys());
            measure("tenth", view, grants, asked(works, declared, false));
            measure("all", view, grants, asked(works, declared, true));
        }
    }

    /** Grants that name every work of the index, each 1,000 works of one licensor. */
    private static AskerGrants grants(Works works, long declared, Path folder) throws Exception {
        long declarations = declared / Build.WORKS;
        int ofAGrant = WORKS_OF_A_GRANT / Build.WORKS;
        long number = 0;
        try (AskerGrants.Builder builder = new AskerGrants.Builder(AskerGrants.NONE, folder)) {
            for (int party = 0; party < Build.PARTIES; party++) {
                int named = 0;
                for (long declaration = party; declaration < declarations; declaration += Build.PARTIES) {
                    if (named++ % ofAGrant == 0) {
                        builder.add(new AskerGrants.Given(
                                new GrantId(new UUID(9, number++)),
                                Build.party(declaration * Build.WORKS),
                                false,
                                ASKED,
                                Period.ALWAYS,
                                1,
                                List.of()));
                    }
                    for (int work = 0; work < Build.WORKS; work++) {
                        Subject subject = Subject.parse(works.declared(declaration * Build.WORKS + work));
                        builder.add(subject.key(), subject.scheme());
                    }
                }
            }
            return builder.finish();
        }
    }

    private static List<String> asked(Works works, long declared, boolean hitsAlone) {
        List<String> asked = new ArrayList<>(SAMPLE);
        for (long i = 0; asked.size() < SAMPLE; i++) {
            if (!hitsAlone || Works.isHit(i)) {
                asked.add(works.asked(i, declared, false));
            }
        }
        return asked;
    }

    private static void measure(String name, IndexView view, AskerGrants grants, List<String> asked) {
        double[] without = new double[ROUNDS];
        double[] with = new double[ROUNDS];
        long number = 0;
        for (int round = -3; round < ROUNDS; round++) {
            for (boolean granted : new boolean[] {round % 2 == 0, round % 2 != 0}) {
                long done = 0;
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long start = System.nanoTime();
                while (System.nanoTime() - start < ROUND_NANOS) {
                    int from = (int) (number++ % (SAMPLE / BLOCK)) * BLOCK;
                    judge(view, granted ? grants : AskerGrants.NONE, asked.subList(from, from + BLOCK));
                    done += BLOCK;
                }
                double nanos = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / (double) done;
                if (round >= 0) {
                    (granted ? with : without)[round] = nanos;
                }
            }
        }
        Arrays.sort(without);
        Arrays.sort(with);
        System.out.println(name + ".without=" + without[ROUNDS / 2]);
        System.out.println(name + ".with=" + with[ROUNDS / 2]);
        System.out.println(name + ".spread="
                + String.format(
                        Locale.ROOT,
                        "%.0f to %.0f and %.0f to %.0f",
                        without[0],
                        without[ROUNDS - 1],
                        with[0],
                        with[ROUNDS - 1]));
        int known = 0;
        for (Verdict verdict : judge(view, grants, asked)) {
            known += verdict == Verdict.UNKNOWN ? 0 : 1;
        }
        if (known < SAMPLE / 20) {
            throw new IllegalStateException("too few works are declared: " + known);
        }
    }

    private static List<Verdict> judge(IndexView view, AskerGrants grants, List<String> asked) {
        List<Subject> subjects = new ArrayList<>(asked.size());
        asked.forEach(one -> subjects.add(Subject.parse(one)));
        List<Verdict> verdicts = new ArrayList<>(asked.size());
        Instant now = Instant.now();
        for (List<Match> matches : view.reaching(subjects, grants)) {
            List<Statement> statements = matches.stream().map(Match::statement).toList();
            verdicts.add(
                    statements.isEmpty()
                            ? Verdict.UNKNOWN
                            : Verdicts.of(statements, ASKED, now).verdict());
        }
        return verdicts;
    }
}
