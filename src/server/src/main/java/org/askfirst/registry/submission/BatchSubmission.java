package org.askfirst.registry.submission;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Continuation;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.ledger.UnderWay;
import org.jspecify.annotations.Nullable;

/**
 * Records acts, one on each line, and answers each line, in order. Memory use does not depend on the number of lines.
 *
 * <p>A line is proposed as soon as it is read, without waiting for the outcomes of earlier lines, so that lines share
 * commits. Only a line that changes the same thing as an earlier line waits for it. The answer to a line is sent once its act is durable. Before the batch waits for more input, it waits for
 * all proposed acts, so that a client may send a line and read its answer before it sends the next.
 *
 * <p>If a line exceeds the budget of its party, no later line of the batch is recorded either (see {@link
 * org.askfirst.registry.ledger.Sender}). The answer then ends with the number of that line, with which the next call
 * continues.
 */
@ApplicationScoped
public class BatchSubmission {
    private static final int MAX_LINE = 1 << 16;

    /**
     * Number of lines that may be in progress: several groups of the appender, so that it never waits for this batch.
     */
    private static final int WINDOW = 6_000;

    /** Number of bytes of lines that may be in progress: 6,000 lines of the maximal length would fill the memory. */
    private static final int WINDOW_BYTES = 16 << 20;

    /** Number of lines that are answered together. */
    private static final int BLOCK = 1_000;

    private final Ledger ledger;

    BatchSubmission(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Reads and answers the lines of one call. */
    public interface Batch {
        /** Returns the bytes that are sent before the first answer. */
        default byte[] opening() {
            return new byte[0];
        }

        /**
         * Reads a line that is neither blank nor too long.
         *
         * @param earlier the acts of earlier lines that are not settled
         * @return null if the line proposes nothing and gets no answer
         * @throws ProblemException if the line cannot be read, or is refused
         */
        @Nullable Submission read(Lines.Line line, UnderWay earlier);

        /**
         * Reads together what the answers to these acts need. It is called before them.
         *
         * @param positions the positions of acts that were recorded before
         */
        default void expect(List<Long> positions) throws SQLException {}

        /** Returns the answer to a refused line, line end included. */
        byte[] refused(long line, ProblemException problem);

        /** Returns the last line of an answer that ends before its request, line end included. */
        default byte[] continuation(Continuation next) {
            return next.asLine();
        }
    }

    /** The act that a line proposes. */
    public interface Submission {
        /** Returns the proposal, the same object at each call. */
        Proposal proposal();

        /** Returns the answer after the act is durable, line end included. */
        byte[] answer(long line, Proposal.Outcome outcome) throws SQLException;
    }

    private record Pending(
            long line, int bytes, @Nullable Submission submission, CompletionStage<Proposal.Outcome> outcome) {
        boolean isDone() {
            return outcome.toCompletableFuture().isDone();
        }
    }

    /** Thrown within a call to end it at a line. */
    private static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Continuation next;

        EndedException(Continuation next) {
            super(null, null, false, false);
            this.next = next;
        }
    }

    /** A line whose act is durable, or refused. */
    private record Settled(
            Pending pending,
            Proposal.@Nullable Outcome outcome,
            @Nullable ProblemException refused) {}

    /**
     * Reads and records all lines of {@code body}, and writes their answers to {@code out} in the order of the lines.
     *
     * @throws IOException if {@code out} fails; acts whose lines were read are recorded nevertheless
     */
    public void take(Batch batch, InputStream body, OutputStream out, BooleanSupplier outIsFull) throws IOException {
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            answers.write(batch.opening());
            try {
                take(batch, body, answers);
            } catch (EndedException ended) {
                answers.write(batch.continuation(ended.next));
                answers.flush();
                // A client that sends everything before it reads must get to read.
                Body.drain(body);
            }
        } catch (UncheckedIOException disconnected) {
            throw disconnected.getCause();
        }
    }

    private void take(Batch batch, InputStream body, SpooledOutput answers) throws IOException {
        Deque<Pending> pending = new ArrayDeque<>();
        UnderWay underWay = new UnderWay();
        Lines lines = new Lines(body, MAX_LINE, () -> answerAll(batch, pending, answers));
        boolean full = false;
        long bytes = 0;
        for (Lines.Line line = next(lines); line != null; line = next(lines)) {
            answers.received(lines.received());
            if (line.isBlank()) {
                continue;
            }
            Pending submitted = propose(batch, underWay, line, full);
            if (submitted == null) {
                continue;
            }
            full = full || isUnavailable(submitted.outcome());
            pending.add(submitted);
            bytes += line.bytes().length;
            if (bytes > WINDOW_BYTES) {
                answerDone(batch, pending, answers, pending.size() / 2);
                bytes = pending.stream().mapToLong(Pending::bytes).sum();
            }
            answerDone(batch, pending, answers, WINDOW);
        }
        answerDone(batch, pending, answers, 0);
    }

    private void answerAll(Batch batch, Deque<Pending> pending, SpooledOutput answers) {
        if (pending.isEmpty()) {
            return;
        }
        try {
            answerDone(batch, pending, answers, 0);
            answers.flush();
        } catch (IOException disconnected) {
            throw new UncheckedIOException(disconnected);
        }
    }

    /** Returns the next line; null at the end of the stream, and if the stream breaks off. */
    public static Lines.@Nullable Line next(Lines lines) {
        try {
            return lines.next();
        } catch (ProblemException broken) {
            // The client has disconnected. Lines that it sent completely are recorded; it sends the batch again.
            return null;
        }
    }

    private @Nullable Pending propose(Batch batch, UnderWay underWay, Lines.Line line, boolean full) {
        Submission submission = null;
        CompletionStage<Proposal.Outcome> outcome;
        try {
            if (line.tooLong()) {
                throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
            }
            submission = batch.read(line, underWay);
            if (submission == null) {
                return null;
            }
            Proposal proposal = submission.proposal();
            underWay.await(proposal);
            outcome = full ? ledger.propose(proposal) : ledger.proposeWaiting(proposal);
            underWay.add(proposal);
        } catch (RuntimeException refused) {
            outcome = CompletableFuture.failedStage(refused);
        }
        return new Pending(line.number(), line.bytes().length, submission, outcome);
    }

    private static boolean isUnavailable(CompletionStage<Proposal.Outcome> outcome) {
        return outcome.toCompletableFuture().isCompletedExceptionally()
                && outcome.toCompletableFuture()
                        .handle((done, failure) ->
                                failure instanceof ProblemException problem && problem.problem() == Problem.UNAVAILABLE)
                        .join();
    }

    /**
     * Answers the first lines whose outcomes are known. Waits until at most {@code mayRemain} lines are in progress.
     */
    private void answerDone(Batch batch, Deque<Pending> pending, SpooledOutput answers, int mayRemain)
            throws IOException {
        while (isDue(pending, mayRemain)) {
            List<Settled> block = new ArrayList<>();
            Continuation end = null;
            while (isDue(pending, mayRemain) && block.size() < BLOCK && end == null) {
                Settled settled = settled(pending.removeFirst());
                end = Continuation.ofBudget(settled.pending().line(), settled.refused());
                if (end == null) {
                    block.add(settled);
                }
            }
            answers.write(answer(batch, block));
            if (end != null) {
                throw new EndedException(end);
            }
        }
    }

    private static boolean isDue(Deque<Pending> pending, int mayRemain) {
        return !pending.isEmpty()
                && (pending.size() > mayRemain || pending.peekFirst().isDone());
    }

    private static Settled settled(Pending pending) {
        try {
            return new Settled(pending, Ledger.await(pending.outcome()), null);
        } catch (RuntimeException failure) {
            return new Settled(pending, null, ProblemMapper.failed(failure));
        }
    }

    private static byte[] answer(Batch batch, List<Settled> block) {
        List<Long> before = new ArrayList<>();
        for (Settled one : block) {
            Proposal.Outcome outcome = one.outcome();
            if (outcome != null && outcome.recorded() == null) {
                before.add(outcome.position());
            }
        }
        ProblemException unread = null;
        try {
            if (!before.isEmpty()) {
                batch.expect(before);
            }
        } catch (SQLException | RuntimeException failure) {
            unread = ProblemMapper.failed(failure);
        }
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        for (Settled one : block) {
            answers.writeBytes(answer(batch, one, unread));
        }
        return answers.toByteArray();
    }

    private static byte[] answer(Batch batch, Settled one, @Nullable ProblemException unread) {
        Pending pending = one.pending();
        Proposal.Outcome outcome = one.outcome();
        if (outcome == null) {
            return batch.refused(pending.line(), Objects.requireNonNull(one.refused()));
        }
        if (unread != null && outcome.recorded() == null) {
            return batch.refused(pending.line(), unread);
        }
        try {
            return Objects.requireNonNull(pending.submission()).answer(pending.line(), outcome);
        } catch (SQLException | RuntimeException failure) {
            return batch.refused(pending.line(), ProblemMapper.failed(failure));
        }
    }
}
