package org.askfirst.registry.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.DeclarationHistory;
import org.jspecify.annotations.Nullable;

/**
 * Takes acts a line each and answers a line each, in order, in memory that does not grow with their number.
 *
 * <p>Lines are proposed as they are read, without waiting for the ones before, so that they share commits; an
 * answer is sent once its line is durable. Before it would wait for more input, it waits for what it has proposed,
 * so that a client may send a line and read its answer before it sends the next.
 */
@ApplicationScoped
class BatchSubmission {
    private static final int MAX_LINE = 1 << 16;

    /** How many lines may be under way: several groups' worth, so that the appender never waits for us. */
    private static final int WINDOW = 6_000;

    /** How many bytes of lines may be under way: six thousand of the longest lines would fill memory. */
    private static final int WINDOW_BYTES = 16 << 20;

    private final Declarations intake;
    private final Ledger ledger;
    private final DeclarationHistory standing;
    private final ObjectWriter json;

    BatchSubmission(Declarations intake, Ledger ledger, DeclarationHistory standing, ObjectMapper mapper) {
        this.intake = intake;
        this.ledger = ledger;
        this.standing = standing;
        this.json = mapper.writerFor(BatchAnswer.class);
    }

    /** {@code BatchAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchAnswer(
            long line,
            @Nullable String id,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @Nullable ProblemDocument problem) {}

    /** What the lines of a call are, and how they are answered. */
    interface Batch {
        /** What is sent before any answer. */
        default byte[] opening() {
            return new byte[0];
        }

        /**
         * Reads a line that is neither blank nor too long.
         *
         * @return null if the line proposes nothing and gets no answer
         * @throws ProblemException if it cannot be read, or is refused
         */
        @Nullable Submission read(Lines.Line line);

        /** The answer to a line that was refused, with what ends it. */
        byte[] refused(long line, ProblemException problem);
    }

    /** What came of reading a line. */
    interface Submission {
        /** What is proposed. */
        Proposal proposal();

        /** The answer once that is durable, with what ends it. */
        byte[] answer(long line, Proposal.Outcome outcome) throws SQLException;
    }

    private record Pending(
            long line, int bytes, @Nullable Submission submission, CompletionStage<Proposal.Outcome> outcome) {
        boolean isDone() {
            return outcome.toCompletableFuture().isDone();
        }
    }

    /** Declarations. */
    private final class Declarations implements Batch {
        private final Caller caller;

        Declarations(Caller caller) {
            this.caller = caller;
        }

        @Override
        public Submission read(Lines.Line line) {
            Proposal proposal = intake.declaring(caller, Json.parseLine(line.bytes(), line.number()), null);
            return new Submission() {
                @Override
                public Proposal proposal() {
                    return proposal;
                }

                @Override
                public byte[] answer(long number, Proposal.Outcome outcome) throws SQLException {
                    LedgerEntry recorded = outcome.recorded();
                    DeclarationId id = recorded == null
                            ? standing.declarationAt(outcome.position())
                            : ((DeclarationEntry) recorded.entry()).declaration();
                    Boolean repeated = recorded == null ? Boolean.TRUE : null;
                    return written(new BatchAnswer(number, id.toString(), outcome.position(), repeated, null));
                }
            };
        }

        @Override
        public byte[] refused(long line, ProblemException problem) {
            return written(new BatchAnswer(line, null, null, null, ProblemDocument.of(problem)));
        }
    }

    private byte[] written(BatchAnswer answer) {
        try {
            byte[] bytes = json.writeValueAsBytes(answer);
            byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
            line[bytes.length] = '\n';
            return line;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer can be written", impossible);
        }
    }

    void take(Caller caller, InputStream body, OutputStream out, BooleanSupplier outIsFull) throws IOException {
        take(new Declarations(caller), body, out, outIsFull);
    }

    void take(Batch batch, InputStream body, OutputStream out, BooleanSupplier outIsFull) throws IOException {
        Deque<Pending> pending = new ArrayDeque<>();
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            answers.write(batch.opening());
            Lines lines = new Lines(body, MAX_LINE, () -> answerAll(batch, pending, answers));
            boolean overwhelmed = false;
            long bytes = 0;
            for (Lines.Line line = next(lines); line != null; line = next(lines)) {
                if (line.isBlank()) {
                    continue;
                }
                Pending proposed = propose(batch, line, overwhelmed);
                if (proposed == null) {
                    continue;
                }
                overwhelmed = overwhelmed || isUnavailable(proposed.outcome());
                pending.add(proposed);
                bytes += line.bytes().length;
                if (bytes > WINDOW_BYTES) {
                    answerDone(batch, pending, answers, pending.size() / 2);
                    bytes = pending.stream().mapToLong(Pending::bytes).sum();
                }
                answerDone(batch, pending, answers, WINDOW);
            }
            answerDone(batch, pending, answers, 0);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    private void answerAll(Batch batch, Deque<Pending> pending, SpooledOutput answers) {
        if (pending.isEmpty()) {
            return;
        }
        try {
            answerDone(batch, pending, answers, 0);
            answers.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** The next line; null at the end, and where the stream breaks off. */
    static Lines.@Nullable Line next(Lines lines) {
        try {
            return lines.next();
        } catch (ProblemException broken) {
            // The sender is gone; what it sent whole is recorded, and it will send the batch again.
            return null;
        }
    }

    private @Nullable Pending propose(Batch batch, Lines.Line line, boolean overwhelmed) {
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
            outcome =
                    overwhelmed ? ledger.propose(submission.proposal()) : ledger.proposeWaiting(submission.proposal());
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

    /** Answers from the front what is decided, and waits until at most {@code leave} are left. */
    private void answerDone(Batch batch, Deque<Pending> pending, SpooledOutput answers, int leave) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (!pending.isEmpty()
                && (pending.size() > leave || pending.peekFirst().isDone())) {
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
