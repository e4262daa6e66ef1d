package org.askfirst.bench.lookup;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.askfirst.bench.harness.Machine;
import org.askfirst.id.PartyId;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Origin;
import org.askfirst.index.PartyRegisterSnapshot;
import org.askfirst.index.Posting;
import org.askfirst.index.Segment;
import org.askfirst.index.SegmentBuilder;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;

/** An index of so many declared works, made as the service makes one anew: subjects are parsed and hashed. */
final class Build {
    static final String LEDGER = "bench";

    /** The works that one declaration names. */
    static final int WORKS = 100;

    private static final Stances RESERVED = Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED));
    static final int PARTIES = 1_000;
    private static final String HASH = "00".repeat(32);

    private Build() {}

    /** Arguments: the folder, how many keys, the file of real addresses. */
    public static void main(String[] arguments) throws Exception {
        long keys = Long.parseLong(arguments[1]);
        Works works = Works.of(Path.of(arguments[2]));
        Machine.say(String.format(Locale.ROOT, "  made of %s", works));
        try (LookupIndex index = LookupIndex.open(Path.of(arguments[0]), LEDGER);
                SegmentBuilder builder = index.builder()) {
            long start = System.nanoTime();
            for (long number = 0; number < keys; number++) {
                Subject subject = Subject.parse(works.declared(number));
                builder.addStatement(subject, posting(number, position(number)));
            }
            long added = System.nanoTime();
            Segment segment = builder.finish(origin(position(keys - 1)), PartyRegisterSnapshot.NOTHING);
            index.replace(segment);
            long end = System.nanoTime();
            System.out.println("adding=" + (added - start) / 1e9);
            System.out.println("finishing=" + (end - added) / 1e9);
            System.out.println("bytes=" + segment.bytes());
            System.out.println("keys=" + segment.keys());
        }
        System.out.println("peak="
                + ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(java.lang.management.MemoryUsage::getUsed)
                        .sum());
    }

    /** The position of the declaration that names that work. */
    static long position(long number) {
        return number / WORKS + 1;
    }

    static Origin origin(long position) {
        return new Origin(LEDGER, position, HASH, PublicSuffixes.bundled().version());
    }

    /** The party that declares that work. */
    static PartyId party(long number) {
        return new PartyId(new UUID(7, Works.mix(number / WORKS % PARTIES)));
    }

    static Posting posting(long number, long position) {
        return new Posting(
                party(number),
                position,
                RESERVED,
                number / WORKS % 4 == 0 ? Contact.OF_TERMS : Contact.NONE,
                false,
                Period.ALWAYS,
                Control.NONE,
                null,
                null,
                null);
    }
}
