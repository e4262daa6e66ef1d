package org.askfirst.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.askfirst.declaration.Entry;
import org.askfirst.http.Json;
import org.askfirst.http.Lines;
import org.askfirst.http.ProblemDocument;
import org.askfirst.http.ProblemMapper;
import org.askfirst.http.SpooledOutput;
import org.askfirst.ledger.Ledger;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.Proposal;
import org.askfirst.party.Caller;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.standing.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Takes declarations a line each and answers a line each, in order, in memory that does not grow with their number.
 *
 * <p>Lines are proposed as they are read, without waiting for the ones before, so that they share commits; an
 * answer is sent once its line is durable. Before it would wait for more input, it waits for what it has proposed,
 * so that a client may send a line and read its answer before it sends the next.
 */
@ApplicationScoped
class BatchIntake {
    private static final int MAX_LINE = 1 << 16;

    /** How many lines may be under way: several groups' worth, so that the appender never waits for us. */
    private static final int WINDOW = 6_000;

    /** How many bytes of lines may be under way: six thousand of the longest lines would fill memory. */
    private static final int WINDOW_BYTES = 16 << 20;

    private static final byte[] NEW_LINE = {'\n'};

    private final Intake intake;
    private final Ledger ledger;
    private final Standing standing;
    private final ObjectWriter json;

    BatchIntake(Intake intake, Ledger ledger, Standing standing, ObjectMapper mapper) {
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
            @Nullable Boolean repeated,
            @Nullable ProblemDocument problem) {}

    private record Pending(long line, int bytes, CompletionStage<Proposal.Outcome> outcome) {
        boolean isDone() {
            return outcome.toCompletableFuture().isDone();
        }
    }

    void take(Caller caller, InputStream body, OutputStream out, BooleanSupplier outIsFull) throws IOException {
        Deque<Pending> pending = new ArrayDeque<>();
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            Lines lines = new Lines(body, MAX_LINE, () -> answerAll(pending, answers));
            boolean overwhelmed = false;
            long bytes = 0;
            for (Lines.Line line = next(lines); line != null; line = next(lines)) {
                if (line.isBlank()) {
                    continue;
                }
                CompletionStage<Proposal.Outcome> outcome = propose(caller, line, overwhelmed);
                overwhelmed = overwhelmed || isUnavailable(outcome);
                pending.add(new Pending(line.number(), line.bytes().length, outcome));
                bytes += line.bytes().length;
                if (bytes > WINDOW_BYTES) {
                    answerDone(pending, answers, pending.size() / 2);
                    bytes = pending.stream().mapToLong(Pending::bytes).sum();
                }
                answerDone(pending, answers, WINDOW);
            }
            answerDone(pending, answers, 0);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    private void answerAll(Deque<Pending> pending, SpooledOutput answers) {
        if (pending.isEmpty()) {
            return;
        }
        try {
            answerDone(pending, answers, 0);
            answers.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static Lines.@Nullable Line next(Lines lines) {
        try {
            return lines.next();
        } catch (ProblemException broken) {
            // The sender is gone; what it sent whole is recorded, and it will send the batch again.
            return null;
        }
    }

    private CompletionStage<Proposal.Outcome> propose(Caller caller, Lines.Line line, boolean overwhelmed) {
        try {
            if (line.tooLong()) {
                throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
            }
            Proposal proposal = intake.declaring(caller, Json.parse(line.bytes()), null);
            return overwhelmed ? ledger.propose(proposal) : ledger.proposeWaiting(proposal);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    private static boolean isUnavailable(CompletionStage<Proposal.Outcome> outcome) {
        return outcome.toCompletableFuture().isCompletedExceptionally()
                && outcome.toCompletableFuture()
                        .handle((done, failure) ->
                                failure instanceof ProblemException problem && problem.problem() == Problem.UNAVAILABLE)
                        .join();
    }

    /** Answers from the front what is decided, and waits until at most {@code leave} are left. */
    private void answerDone(Deque<Pending> pending, SpooledOutput answers, int leave) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (!pending.isEmpty()
                && (pending.size() > leave || pending.peekFirst().isDone())) {
            Pending first = pending.removeFirst();
            block.write(json.writeValueAsBytes(answer(first)));
            block.write(NEW_LINE);
        }
        if (block.size() > 0) {
            answers.write(block.toByteArray());
        }
    }

    private BatchAnswer answer(Pending pending) {
        try {
            Proposal.Outcome outcome = Ledger.await(pending.outcome());
            LedgerEntry recorded = outcome.recorded();
            if (recorded != null && recorded.entry() instanceof Entry.Stated stated) {
                return new BatchAnswer(pending.line(), stated.declaration().toString(), outcome.position(), null, null);
            }
            return new BatchAnswer(
                    pending.line(),
                    standing.declarationAt(outcome.position()).toString(),
                    outcome.position(),
                    true,
                    null);
        } catch (SQLException | RuntimeException failure) {
            return new BatchAnswer(pending.line(), null, null, null, ProblemDocument.of(ProblemMapper.failed(failure)));
        }
    }
}
