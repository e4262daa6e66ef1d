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

/** Declarations of one party, one on each line. */
final class DeclarationBatch implements BatchSubmission.Batch {
    private final Declarations declarations;
    private final DeclarationHistory history;
    private final ObjectWriter json;
    private final Caller caller;

    /**
     * Creates the batch of one call.
     *
     * @param json writes {@link BatchAnswer}
     */
    DeclarationBatch(Declarations declarations, DeclarationHistory history, ObjectWriter json, Caller caller) {
        this.declarations = declarations;
        this.history = history;
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
        Proposal proposal = declarations.declaring(caller, Json.parseLine(line.bytes(), line.number()), null);
        return new BatchSubmission.Submission() {
            @Override
            public Proposal proposal() {
                return proposal;
            }

            @Override
            public byte[] answer(long number, Proposal.Outcome outcome) throws SQLException {
                LedgerEntry recorded = outcome.recorded();
                DeclarationId id = recorded == null
                        ? history.declarationAt(outcome.position())
                        : ((DeclarationEntry) recorded.entry()).declaration();
                Boolean alreadyDeclared = recorded == null ? Boolean.TRUE : null;
                return bytes(new BatchAnswer(number, id.toString(), outcome.position(), alreadyDeclared, null));
            }
        };
    }

    @Override
    public byte[] refused(long line, ProblemException problem) {
        return bytes(new BatchAnswer(line, null, null, null, ProblemDocument.of(problem)));
    }

    private byte[] bytes(BatchAnswer answer) {
        try {
            byte[] text = json.writeValueAsBytes(answer);
            byte[] line = Arrays.copyOf(text, text.length + 1);
            line[text.length] = '\n';
            return line;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer cannot be written", impossible);
        }
    }
}
