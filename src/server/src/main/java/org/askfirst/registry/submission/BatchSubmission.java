package org.askfirst.registry.submission;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * Records acts, one on each line, and answers each line, in order. Memory use does not depend on the number of lines.
 *
 * <p>A line is proposed as soon as it is read, without waiting for the outcomes of earlier lines, so that lines share
 * commits. The answer to a line is sent once its act is durable. Before the batch waits for more input, it waits for
 * all proposed acts, so that a client may send a line and read its answer before it sends the next.
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
         * @return null if the line proposes nothing and gets no answer
         * @throws ProblemException if the line cannot be read, or is refused
         */
        @Nullable Submission read(Lines.Line line);

        /** Returns the answer to a refused line, line end included. */
        byte[] refused(long line, ProblemException problem);
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

    /**
     * Reads and records all lines of {@code body}, and writes their answers to {@code out} in the order of the lines.
     *
     * @throws IOException if {@code out} fails; acts whose lines were read are recorded nevertheless
     */
    public void take(Batch batch, InputStream body, OutputStream out, BooleanSupplier outIsFull) throws IOException {
        Deque<Pending> pending = new ArrayDeque<>();
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            answers.write(batch.opening());
            Lines lines = new Lines(body, MAX_LINE, () -> answerAll(batch, pending, answers));
            boolean full = false;
            long bytes = 0;
            for (Lines.Line line = next(lines); line != null; line = next(lines)) {
                if (line.isBlank()) {
                    continue;
                }
                Pending submitted = propose(batch, line, full);
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
        } catch (UncheckedIOException disconnected) {
            throw disconnected.getCause();
        }
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

    private @Nullable Pending propose(Batch batch, Lines.Line line, boolean full) {
        Submission submission = null;
        CompletionStage<Proposal.Outcome> outcome;
        try {
            if (line.tooLong()) {
                throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
            }
            submission = batch.read(line);
            if (submission == null) {
                return null;
            }
            outcome = full ? ledger.propose(submission.proposal()) : ledger.proposeWaiting(submission.proposal());
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
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (!pending.isEmpty()
                && (pending.size() > mayRemain || pending.peekFirst().isDone())) {
            Pending first = pending.removeFirst();
            block.write(answer(batch, first));
        }
        if (block.size() > 0) {
            answers.write(block.toByteArray());
        }
    }

    private static byte[] answer(Batch batch, Pending pending) {
        try {
            Proposal.Outcome outcome = Ledger.await(pending.outcome());
            return Objects.requireNonNull(pending.submission()).answer(pending.line(), outcome);
        } catch (SQLException | RuntimeException failure) {
            return batch.refused(pending.line(), ProblemMapper.failed(failure));
        }
    }
}
