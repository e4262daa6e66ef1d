package org.askfirst.bench.lookup;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.index.IndexChange;
import org.askfirst.index.IndexView;
import org.askfirst.index.LookupIndex;
import org.askfirst.subject.Subject;

/**
 * Changes to an index while it is read: the time to apply and merge them, and the waits of a reader.
 *
 * <p>Nine in ten changes are about new works. One in twenty is another party's about a declared work, and one in twenty
 * ends a statement.
 */
final class Merges {
    private static final int CHANGES = 200_000;
    private static final int GROUP = 2_000;
    private static final int ASKED = 100_000;
    private static final int OF_TWENTY = 20;

    private Merges() {}

    /** Arguments: the folder of the index, how many works are declared, the file of real addresses, how many merges. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long declared = Long.parseLong(arguments[1]);
        Works works = Works.of(Path.of(arguments[2]));
        int merges = Integer.parseInt(arguments[3]);
        try (LookupIndex index = LookupIndex.open(folder, Build.LEDGER)) {
            Subject[] asked = new Subject[ASKED];
            for (int i = 0; i < ASKED; i++) {
                asked[i] = Subject.parse(works.asked(i, declared, false));
            }
            // First beside a thread that only keeps a core busy: what a reader waits for on this machine anyhow.
            Reader quiet = new Reader(index, asked);
            quiet.start();
            long busyUntil = System.nanoTime() + 6_000_000_000L;
            while (System.nanoTime() < busyUntil) {
                Works.mix(busyUntil);
            }
            quiet.end();
            quiet.print("quiet");

            Reader reader = new Reader(index, asked);
            reader.start();
            long position = index.view().position();
            long next = declared;
            double longest = 0;
            double applying = 0;
            List<String> times = new ArrayList<>();
            for (int merge = 0; merge < merges; merge++) {
                for (int group = 0; group < CHANGES / GROUP; group++) {
                    List<IndexChange> changes = new ArrayList<>(GROUP);
                    for (int i = 0; i < GROUP; i++) {
                        position++;
                        changes.add(change(works, declared, (long) merges * CHANGES, next++, position));
                    }
                    long start = System.nanoTime();
                    index.apply(changes, position, "00".repeat(32));
                    applying += (System.nanoTime() - start) / 1e9;
                }
                long start = System.nanoTime();
                index.merge();
                double seconds = (System.nanoTime() - start) / 1e9;
                longest = Math.max(longest, seconds);
                times.add(String.format(Locale.ROOT, "%.2f", seconds));
                Machine.say(String.format(Locale.ROOT, "  merge %d: %.2f s, %d files", merge + 1, seconds, files(folder)));
            }
            reader.end();
            reader.print("merging");
            System.out.println("times=" + String.join(" ", times));
            System.out.println("longest=" + longest);
            System.out.println("applied=" + (long) merges * CHANGES / applying);
            System.out.println("files=" + files(folder));
            Strings.measure("urls", index.view(), works, declared, true, false);
            System.out.println("gc="
                    + ManagementFactory.getGarbageCollectorMXBeans().stream()
                            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                            .sum());
        }
    }

    private static long files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment")).count();
        }
    }

    private static IndexChange change(Works works, long declared, long all, long next, long position) {
        long number = next - declared;
        // Works that were there, each for one change only.
        long work = number / OF_TWENTY * (declared / (all / OF_TWENTY + 1));
        if (number % OF_TWENTY == 0) {
            return new IndexChange.Kept(Subject.parse(works.declared(work)), Build.posting(position, position));
        }
        if (number % OF_TWENTY == 1) {
            long ended = work + 1;
            return new IndexChange.Ended(Subject.parse(works.declared(ended)), Build.position(ended), position);
        }
        return new IndexChange.Kept(Subject.parse(works.declared(next)), Build.posting(next, position));
    }

    /** Asks without end, and notes how long each answer took. */
    private static final class Reader {
        private static final int MICROS = 2_000;

        private final LookupIndex index;
        private final Subject[] asked;
        private final long[] micros = new long[MICROS];
        private final Thread thread = new Thread(this::read, "reader");
        private long longer;
        private long longest;
        private volatile boolean ended;

        Reader(LookupIndex index, Subject[] asked) {
            this.index = index;
            this.asked = asked;
        }

        void start() {
            thread.start();
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }

        private void read() {
            int i = 0;
            long found = 0;
            while (!ended) {
                long start = System.nanoTime();
                IndexView view = index.view();
                found += view.reaching(asked[i]).size();
                long nanos = System.nanoTime() - start;
                int micro = (int) (nanos / 1_000);
                if (micro < MICROS) {
                    micros[micro]++;
                } else {
                    longer++;
                }
                longest = Math.max(longest, nanos);
                i = i + 1 == ASKED ? 0 : i + 1;
            }
            if (found == 0) {
                throw new IllegalStateException("nothing was ever found");
            }
        }

        void print(String name) {
            long all = Arrays.stream(micros).sum() + longer;
            System.out.println(name + ".asked=" + all);
            System.out.println(name + ".longest=" + longest / 1e6);
            System.out.println(name + ".longer=" + longer);
            System.out.println(name + ".p99=" + at(all, 0.99));
            System.out.println(name + ".p9999=" + at(all, 0.9999));
        }

        private String at(long all, double part) {
            long left = (long) (all * part);
            for (int i = 0; i < MICROS; i++) {
                left -= micros[i];
                if (left < 0) {
                    return String.valueOf(i + 1);
                }
            }
            return "> " + MICROS;
        }
    }
}
