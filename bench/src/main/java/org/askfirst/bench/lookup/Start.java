package org.askfirst.bench.lookup;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.askfirst.index.LookupIndex;

/** The time to open an index, with every byte of it checked. */
final class Start {
    private Start() {}

    /** Arguments: the folder of the index. */
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        try (LookupIndex index = LookupIndex.open(Path.of(arguments[0]), Build.LEDGER)) {
            System.out.println("seconds=" + (System.nanoTime() - start) / 1e9);
            if (index.unusableReason() != null || index.view().keys() == 0) {
                throw new IllegalStateException("it did not open: " + index.unusableReason());
            }
            System.gc();
            System.out.println("heap="
                    + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }
}
