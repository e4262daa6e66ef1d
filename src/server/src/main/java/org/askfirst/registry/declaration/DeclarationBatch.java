package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.sql.SQLException;
import java.util.Arrays;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.submission.BatchSubmission;
import org.jspecify.annotations.Nullable;

/** Declarations of one party, a line each. */
final class DeclarationBatch implements BatchSubmission.Batch {
    private final Declarations intake;
    private final DeclarationHistory standing;
    private final ObjectWriter json;
    private final Caller caller;

    /** @param json a writer of {@link BatchAnswer} */
    DeclarationBatch(Declarations intake, DeclarationHistory standing, ObjectWriter json, Caller caller) {
        this.intake = intake;
        this.standing = standing;
        this.json = json;
        this.caller = caller;
    }

    /** {@code BatchAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchAnswer(
            long line,
            @Nullable String id,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @Nullable ProblemDocument problem) {}

    @Override
    public BatchSubmission.Submission read(Lines.Line line) {
        Proposal proposal = intake.declaring(caller, Json.parseLine(line.bytes(), line.number()), null);
        return new BatchSubmission.Submission() {
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
}
