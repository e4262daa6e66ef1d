package org.askfirst.registry.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that long bodies of all requests under way may take together, in relation to the heap. A body that does
 * not fit is refused, so that no number of requests exhausts the heap. Safe for use by several threads.
 */
final class MemoryBudget {
    /**
     * Number of bytes on the heap for each byte of a body: the bytes as they came, the same as an array, twice, as
     * characters and as text, and the values that are read from it.
     */
    static final int BYTES_FOR_A_BYTE = 8;

    private final long size;
    private final AtomicLong taken = new AtomicLong();

    MemoryBudget(long size) {
        this.size = size;
    }

    /** Returns the budget of this process: three eighths of the heap. */
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 8 * 3);
    }

    /**
     * Takes memory for so many more bytes of a body. If nothing else is taken, it is granted always: a single body of
     * the greatest length must be answered on the smallest heap.
     *
     * @param already number of bytes of the body for which memory was taken
     * @return false if too little is left; then nothing is taken
     */
    boolean take(long already, long more) {
        long before = already * BYTES_FOR_A_BYTE;
        long cost = more * BYTES_FOR_A_BYTE;
        long now = taken.addAndGet(cost);
        if (now <= size || now == before + cost) {
            return true;
        }
        taken.addAndGet(-cost);
        return false;
    }

    /** Gives back the memory for so many bytes of a body. */
    void giveBack(long bytes) {
        taken.addAndGet(-bytes * BYTES_FOR_A_BYTE);
    }

    /** Returns the bytes that are taken now. */
    long taken() {
        return taken.get();
    }
}
