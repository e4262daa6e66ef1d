package org.askfirst.registry.mandate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.entry.MandateEntry;
import org.askfirst.id.MandateId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.ledger.UnderWay;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.submission.BatchSubmission;
import org.askfirst.registry.table.CsvLine;
import org.jspecify.annotations.Nullable;

/** A batch of mandates, one on each line, as JSON lines or CSV. The answer has the same format. One object per call. */
final class MandateBatch implements BatchSubmission.Batch {
    private static final String HEAD = "line,memberNumber,id,code,position,alreadyDeclared,problem\r\n";

    private final Caller caller;
    private final Mandates mandates;
    private final LedgerStore ledger;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final boolean csv;
    private @Nullable List<String> head;
    private final Map<Long, MandateId> before = new HashMap<>();

    MandateBatch(Caller caller, Mandates mandates, LedgerStore ledger, ObjectMapper mapper, Clock clock, boolean csv) {
        this.caller = caller;
        this.mandates = mandates;
        this.ledger = ledger;
        this.mapper = mapper;
        this.clock = clock;
        this.csv = csv;
    }

    /** {@code MandateBatchAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            long line,
            @Nullable String memberNumber,
            @Nullable String id,
            @Nullable String code,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @Nullable ProblemDocument problem) {}

    @Override
    public byte[] opening() {
        return csv ? HEAD.getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    @Override
    public BatchSubmission.@Nullable Submission read(Lines.Line line, UnderWay earlier) {
        if (csv && head == null) {
            head = CsvLine.fields(line.bytes());
            if (!head.contains("memberNumber")) {
                throw Problem.INVALID_REQUEST.at(
                        "/memberNumber",
                        Reason.MISSING,
                        "the first line must name the fields, and this field must be one of them");
            }
            return null;
        }
        MandateRequest.Reference request = head == null
                ? MandateRequest.recorded(Json.parseLine(line.bytes(), line.number()), caller.party(), clock.instant())
                : MandateRequest.recorded(head, CsvLine.fields(line.bytes()), caller.party(), clock.instant());
        Mandates.Recorded recorded = mandates.proposalToRecord(caller, request.terms(), request.number());
        return new BatchSubmission.Submission() {
            @Override
            public Proposal proposal() {
                return recorded.proposal();
            }

            @Override
            public byte[] answer(long number, Proposal.Outcome outcome) throws SQLException {
                boolean fresh = outcome.recorded() != null;
                String id = recorded.id().toString();
                if (!fresh) {
                    id = Objects.requireNonNull(before.get(outcome.position())).toString();
                }
                return render(new Answer(
                        number,
                        request.number(),
                        id,
                        fresh ? recorded.code() : null,
                        outcome.position(),
                        fresh ? null : Boolean.TRUE,
                        null));
            }
        };
    }

    /** Reads the mandates of many repeated lines with one query. */
    @Override
    public void expect(List<Long> positions) throws SQLException {
        before.clear();
        for (LedgerEntry entry : ledger.at(positions)) {
            before.put(entry.position(), ((MandateEntry) entry.entry()).mandate());
        }
    }

    @Override
    public byte[] refused(long line, ProblemException problem) {
        return render(new Answer(line, null, null, null, null, null, ProblemDocument.of(problem)));
    }

    private byte[] render(Answer answer) {
        if (!csv) {
            try {
                return (mapper.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8);
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("an answer can always be written as JSON", impossible);
            }
        }
        ProblemDocument problem = answer.problem();
        return (answer.line()
                        + "," + field(answer.memberNumber())
                        + "," + field(answer.id())
                        + "," + field(answer.code())
                        + "," + field(answer.position())
                        + "," + field(answer.alreadyDeclared())
                        + "," + field(problem == null ? null : problem.detail()) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String field(@Nullable Object value) {
        return value == null ? "" : CsvLine.written(value.toString());
    }
}
