package org.askfirst.registry.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/**
 * A body that takes memory from the budget while it is read, because its length is not known before: a coded body is
 * decoded as it is read. Only one thread reads it; any thread may give the memory back.
 */
final class BudgetedBody extends FilterInputStream {
    private final MemoryBudget budget;
    private final long free;
    private final long most;
    private final ProblemException tooLarge;
    private final AtomicLong taken = new AtomicLong();
    private long length;

    /**
     * Creates the body.
     *
     * @param free number of bytes that take nothing from the budget
     * @param most number of bytes that it may have
     * @param tooLarge thrown if it has more
     */
    BudgetedBody(InputStream in, MemoryBudget budget, long free, long most, ProblemException tooLarge) {
        super(in);
        this.budget = budget;
        this.free = free;
        this.most = most;
        this.tooLarge = tooLarge;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = super.read(bytes, offset, count);
        length += Math.max(0, read);
        if (length > most) {
            throw tooLarge;
        }
        long beyond = length - free - taken.get();
        if (beyond > 0) {
            if (!budget.take(taken.get(), beyond)) {
                throw Problem.UNAVAILABLE.because(
                        "The registry has too many long requests at the moment; try again in a few seconds");
            }
            taken.addAndGet(beyond);
        }
        return read;
    }

    /** Gives the memory back. Called once, at the end of the exchange. */
    void giveBack() {
        budget.giveBack(taken.getAndSet(0));
    }
}
