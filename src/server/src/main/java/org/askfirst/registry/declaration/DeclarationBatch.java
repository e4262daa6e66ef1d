package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.ledger.UnderWay;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.submission.BatchSubmission;
import org.jspecify.annotations.Nullable;

/** Declarations, amendments and withdrawals of one party, one on each line. */
final class DeclarationBatch implements BatchSubmission.Batch {
    private static final String AMEND = "amend";
    private static final String WITHDRAW = "withdraw";
    private static final String IF_POSITION = "ifPosition";
    private static final int MAX_ID = 64;

    private final Declarations declarations;
    private final DeclarationHistory history;
    private final ObjectWriter json;
    private final Caller caller;
    private final Proposal.Request request;

    private Map<Long, DeclarationId> before = Map.of();

    /**
     * Creates the batch of one call.
     *
     * @param json writes {@link BatchAnswer}
     * @param dry true if nothing is recorded
     */
    DeclarationBatch(
            Declarations declarations, DeclarationHistory history, ObjectWriter json, Caller caller, boolean dry) {
        this.declarations = declarations;
        this.history = history;
        this.json = json;
        this.caller = caller;
        this.request = Proposal.Request.PLAIN.rehearsing(dry);
    }

    /** {@code BatchAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchAnswer(
            long line,
            @Nullable String id,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @Nullable Boolean dryRun,
            @Nullable ProblemDocument problem) {}

    @Override
    public BatchSubmission.Submission read(Lines.Line line, UnderWay earlier) {
        Proposal proposal = proposal(Json.parseLine(line.bytes(), line.number()), earlier);
        return new BatchSubmission.Submission() {
            @Override
            public Proposal proposal() {
                return proposal;
            }

            @Override
            public byte[] answer(long number, Proposal.Outcome outcome) {
                if (proposal.isRehearsal()) {
                    Boolean exists = outcome.position() > 0 ? Boolean.TRUE : null;
                    return bytes(new BatchAnswer(number, null, null, exists, true, null));
                }
                boolean recorded = outcome.recorded() != null;
                DeclarationEntry entry = (DeclarationEntry) proposal.entry();
                DeclarationId id = recorded || entry.changed().isPresent()
                        ? entry.declaration()
                        : Objects.requireNonNull(before.get(outcome.position()));
                return bytes(new BatchAnswer(
                        number, id.toString(), outcome.position(), recorded ? null : Boolean.TRUE, null, null));
            }
        };
    }

    private Proposal proposal(JsonNode body, UnderWay earlier) {
        if (body.has(WITHDRAW)) {
            return withdrawal(body);
        }
        return body.has(AMEND) ? amendment((ObjectNode) body, earlier) : declarations.declaring(caller, body, request);
    }

    private Proposal withdrawal(JsonNode body) {
        Members members = Members.of(body, WITHDRAW, IF_POSITION);
        DeclarationId id = declaration(members, WITHDRAW);
        Set<Long> expected = expected(members);
        members.finish();
        return Proposal.of(
                        new DeclarationEntry.Withdrawn(Objects.requireNonNull(id), caller.party()), caller.authority())
                .with(request.expecting(expected));
    }

    private Proposal amendment(ObjectNode body, UnderWay earlier) {
        Members members = Members.of(body.deepCopy().retain(AMEND, IF_POSITION), AMEND, IF_POSITION);
        DeclarationId id = declaration(members, AMEND);
        Set<Long> expected = expected(members);
        members.finish();
        // An amendment may keep the subjects of the declaration that it finds.
        earlier.await(Objects.requireNonNull(id));
        try {
            return declarations.amending(
                    caller,
                    declarations.find(id.toString()),
                    body.deepCopy().without(List.of(AMEND, IF_POSITION)),
                    request.expecting(expected));
        } catch (SQLException failure) {
            throw ProblemMapper.failed(failure);
        }
    }

    private static @Nullable DeclarationId declaration(Members members, String name) {
        String text = members.text(name, MAX_ID);
        if (text == null) {
            return null;
        }
        return DeclarationId.parse(text).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such declaration"));
    }

    private static @Nullable Set<Long> expected(Members members) {
        return members.has(IF_POSITION) ? Set.of(members.wholeNumber(IF_POSITION, 1)) : null;
    }

    /** Reads the declarations of many repeated lines with one query. */
    @Override
    public void expect(List<Long> positions) throws SQLException {
        before = history.declarationsAt(
                positions.stream().filter(position -> position > 0).toList());
    }

    @Override
    public byte[] refused(long line, ProblemException problem) {
        return bytes(new BatchAnswer(line, null, null, null, null, ProblemDocument.of(problem)));
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
