package org.askfirst.registry.repertoire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.MandateId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.submission.BatchSubmission;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Changes the lists of repertoires.
 *
 * <p>Changes are grouped into deltas; each delta is one entry of the ledger. A delta is durable before further changes
 * are read. The ledger decides the deltas of one repertoire one after another anyway, and memory use does not depend on
 * the number of changes.
 */
@ApplicationScoped
class Repertoires {
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_AT_ONCE = 1000;

    /** Number of subjects in a delta: as many as a declaration may name, so that its entry is no larger than others. */
    private static final int DELTA = 100;

    /**
     * Number of bytes of subjects in a delta: an entry fits a bundle of the log even if each byte is escaped as two.
     */
    private static final int DELTA_BYTES = 31_000;

    private final Declarations declarations;
    private final Listings listings;
    private final Mandates mandates;
    private final Ledger ledger;
    private final ObjectWriter json;

    Repertoires(Declarations declarations, Listings listings, Mandates mandates, Ledger ledger, ObjectMapper mapper) {
        this.declarations = declarations;
        this.listings = listings;
        this.mandates = mandates;
        this.ledger = ledger;
        this.json = mapper.writerFor(RepertoireAnswer.class);
    }

    /** {@code RepertoireAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RepertoireAnswer(
            long line,
            @Nullable String subject,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @Nullable Boolean pending,
            @Nullable ProblemDocument problem) {}

    /** Adds or removes one subject. */
    private record Step(boolean adds, Subject subject) {}

    /**
     * Returns the current state of the repertoire.
     *
     * @param id as the caller sent it
     * @throws ProblemException {@link Problem#NOT_FOUND} if there is no declaration with this id, or it is not a
     *     repertoire
     */
    DeclarationState find(String id) throws SQLException {
        DeclarationState found = declarations.find(id);
        if (found.content().repertoire() == null) {
            throw Problem.NOT_FOUND.because("The declaration names its subjects; it is not a repertoire");
        }
        return found;
    }

    @Nullable String title(DeclarationState repertoire) {
        Repertoire named = repertoire.content().repertoire();
        return named == null ? null : named.title();
    }

    /** Returns the number of subjects that the repertoire lists now. */
    long count(DeclarationState repertoire) throws SQLException {
        return listings.counts(List.of(repertoire.id())).getOrDefault(repertoire.id(), 0L);
    }

    /** Reads a {@code RepertoireChange} and records it. Returns after its entries are durable. */
    RepertoireResource.RepertoireChanged change(Caller caller, DeclarationState repertoire, JsonNode body)
            throws SQLException {
        Members members = Members.of(body, "add", "remove");
        Mandate mandate = mandateOf(repertoire);
        List<Subject> added = members.parsedList("add", MAX_AT_ONCE, text -> listable(text, mandate));
        List<Subject> removed = members.parsedList("remove", MAX_AT_ONCE, Subject::parse);
        if (members.isSound() && added.isEmpty() && removed.isEmpty()) {
            members.refuse("add", Reason.MISSING, "name at least one subject under add or remove");
        }
        if (added.size() + removed.size() > MAX_AT_ONCE) {
            throw Problem.TOO_LARGE.because("A call changes at most " + MAX_AT_ONCE
                    + " subjects; send more as application/x-ndjson or in several calls");
        }
        Set<Subject> toAdd = new HashSet<>(added);
        removed.stream()
                .filter(toAdd::contains)
                .findFirst()
                .ifPresent(both -> members.refuse("remove", Reason.CONFLICT, both + " is under add and under remove"));
        members.finish();
        List<StepResult> results = new ArrayList<>();
        Delta delta = new Delta();
        for (Step step : Stream.concat(
                        added.stream().map(subject -> new Step(true, subject)),
                        removed.stream().map(subject -> new Step(false, subject)))
                .toList()) {
            if (!delta.hasRoomFor(step)) {
                results.addAll(record(caller, repertoire, delta, true));
                delta = new Delta();
            }
            delta.add(step);
        }
        results.addAll(record(caller, repertoire, delta, true));
        List<StepResult> changed = results.stream().filter(StepResult::fresh).toList();
        int addedCount = (int) changed.stream().filter(one -> one.step().adds()).count();
        return new RepertoireResource.RepertoireChanged(
                repertoire.id().toString(),
                addedCount,
                changed.size() - addedCount,
                changed.isEmpty() ? null : changed.get(changed.size() - 1).position(),
                results.stream()
                        .filter(StepResult::pending)
                        .map(one -> one.step().subject().canonical())
                        .toList(),
                count(repertoire));
    }

    /** Steps that become one entry. No two of them share a subject key. */
    private static final class Delta {
        private final List<Step> steps = new ArrayList<>();
        private final Set<SubjectKey> keys = new HashSet<>();
        private int bytes;

        boolean hasRoomFor(Step step) {
            return steps.size() < DELTA
                    && (steps.isEmpty() || bytes + bytes(step.subject()) <= DELTA_BYTES)
                    && step.subject().indexedAs().stream().noneMatch(as -> keys.contains(as.key()));
        }

        void add(Step step) {
            steps.add(step);
            step.subject().indexedAs().forEach(as -> keys.add(as.key()));
            bytes += bytes(step.subject());
        }
    }

    /**
     * The result of a step.
     *
     * @param position of the entry that lists the subject or removes it; 0 if it was never listed
     * @param fresh true if the step was recorded now; false if the list did not need the change
     * @param pending true if the statement does not apply to the subject yet, because control is not proved
     */
    private record StepResult(Step step, long position, boolean fresh, boolean pending) {}

    /**
     * Records the steps that change the list, and waits until their entry is durable.
     *
     * @param patient waits for room in the ledger's queue
     */
    private List<StepResult> record(Caller caller, DeclarationState repertoire, Delta delta, boolean patient)
            throws SQLException {
        Map<String, Long> listed = listings.now(
                repertoire.id(), delta.steps.stream().map(Step::subject).toList());
        List<Subject> added = new ArrayList<>();
        List<Subject> removed = new ArrayList<>();
        for (Step step : delta.steps) {
            if (step.adds() != listed.containsKey(step.subject().canonical())) {
                (step.adds() ? added : removed).add(step.subject());
            }
        }
        long recorded = 0;
        if (!added.isEmpty() || !removed.isEmpty()) {
            Entry entry = new DeclarationEntry.Listed(repertoire.id(), caller.party(), added, removed);
            Proposal proposal = Proposal.of(entry, caller.authority());
            recorded = Ledger.await(patient ? ledger.proposeWaiting(proposal) : ledger.propose(proposal))
                    .position();
        }
        Set<Subject> pending = Set.copyOf(declarations.pending(
                repertoire,
                delta.steps.stream().filter(Step::adds).map(Step::subject).toList()));
        List<StepResult> results = new ArrayList<>();
        for (Step step : delta.steps) {
            Long since = listed.get(step.subject().canonical());
            boolean fresh = step.adds() == (since == null);
            long before = since == null ? 0 : since;
            results.add(new StepResult(step, fresh ? recorded : before, fresh, pending.contains(step.subject())));
        }
        return results;
    }

    /**
     * Records the changes of all lines, each a {@code RepertoireLine}, in the order of the lines.
     *
     * @param mandate under which the society speaks with the repertoire; null if the party speaks for itself
     */
    void take(
            Caller caller,
            DeclarationState repertoire,
            @Nullable Mandate mandate,
            InputStream body,
            OutputStream out,
            BooleanSupplier outIsFull)
            throws IOException {
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            Changes changes = new Changes(caller, repertoire, mandate, answers);
            Lines lines = new Lines(body, MAX_LINE, changes::settle);
            for (Lines.Line line = BatchSubmission.next(lines); line != null; line = BatchSubmission.next(lines)) {
                if (!line.isBlank()) {
                    changes.take(line);
                }
            }
            changes.settle();
        } catch (UncheckedIOException disconnected) {
            throw disconnected.getCause();
        }
    }

    /** The changes of one call of many lines. */
    private final class Changes {
        private final Caller caller;
        private final DeclarationState repertoire;
        private final @Nullable Mandate mandate;
        private final SpooledOutput answers;
        private final List<UnansweredLine> unanswered = new ArrayList<>();
        private Delta delta = new Delta();

        /** True until the ledger's queue was full; then later deltas no longer wait for room. */
        private boolean patient = true;

        Changes(Caller caller, DeclarationState repertoire, @Nullable Mandate mandate, SpooledOutput answers) {
            this.caller = caller;
            this.repertoire = repertoire;
            this.mandate = mandate;
            this.answers = answers;
        }

        /** A line that is not answered yet. If it is not refused, it is the next step of the delta. */
        private record UnansweredLine(long line, @Nullable ProblemException refused) {}

        void take(Lines.Line line) {
            try {
                if (line.tooLong()) {
                    throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
                }
                Step step = step(Json.parseLine(line.bytes(), line.number()), mandate);
                if (!delta.hasRoomFor(step)) {
                    settle();
                }
                delta.add(step);
                unanswered.add(new UnansweredLine(line.number(), null));
            } catch (ProblemException refused) {
                unanswered.add(new UnansweredLine(line.number(), refused));
            }
            if (unanswered.size() >= DELTA) {
                settle();
            }
        }

        /** Records the gathered steps, and answers their lines. */
        void settle() {
            if (unanswered.isEmpty()) {
                return;
            }
            List<StepResult> results = List.of();
            ProblemException failed = null;
            try {
                results = delta.steps.isEmpty() ? List.of() : record(caller, repertoire, delta, patient);
            } catch (SQLException | RuntimeException failure) {
                failed = ProblemMapper.failed(failure);
                patient = patient && failed.problem() != Problem.UNAVAILABLE;
            }
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            int next = 0;
            for (UnansweredLine one : unanswered) {
                ProblemException refused = one.refused() == null ? failed : one.refused();
                if (refused != null) {
                    write(new RepertoireAnswer(one.line(), null, null, null, null, ProblemDocument.of(refused)), block);
                } else {
                    write(answer(one.line(), results.get(next)), block);
                    next++;
                }
            }
            unanswered.clear();
            delta = new Delta();
            try {
                answers.write(block.toByteArray());
                answers.flush();
            } catch (IOException disconnected) {
                throw new UncheckedIOException(disconnected);
            }
        }

        private RepertoireAnswer answer(long line, StepResult result) {
            return new RepertoireAnswer(
                    line,
                    result.step().subject().canonical(),
                    result.position() == 0 ? null : result.position(),
                    result.fresh() ? null : Boolean.TRUE,
                    result.pending() ? Boolean.TRUE : null,
                    null);
        }
    }

    private void write(RepertoireAnswer answer, ByteArrayOutputStream into) {
        try {
            into.writeBytes(json.writeValueAsBytes(answer));
            into.write('\n');
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer cannot be written", impossible);
        }
    }

    private static Step step(JsonNode line, @Nullable Mandate mandate) {
        Members members = Members.of(line, "add", "remove");
        boolean adds = members.has("add");
        if (adds == members.has("remove")) {
            members.refuse(
                    adds ? "remove" : "add",
                    adds ? Reason.CONFLICT : Reason.MISSING,
                    "give either add or remove, with one subject");
            members.finish();
        }
        Subject subject = adds
                ? members.parsed("add", text -> listable(text, mandate))
                : members.parsed("remove", Subject::parse);
        members.finish();
        return new Step(adds, Objects.requireNonNull(subject));
    }

    /** Returns the mandate under which the society speaks with the repertoire; null if the party speaks for itself. */
    @Nullable Mandate mandateOf(DeclarationState repertoire) throws SQLException {
        MandateId mandate = repertoire.content().mandate();
        return mandate == null ? null : mandates.find(mandate.toString()).terms();
    }

    private static Subject listable(String text, @Nullable Mandate mandate) {
        Subject subject = Subject.parse(text);
        subject.requireDeclarable();
        if (bytes(subject) > DELTA_BYTES) {
            throw Problem.UNDECLARABLE_SUBJECT.at(
                    "",
                    Reason.TOO_LONG,
                    "It is longer than an entry of the ledger may be; declare a shorter address above it");
        }
        if (mandate != null) {
            mandate.objectionTo(List.of(subject)).ifPresent(objection -> {
                throw Problem.INVALID_REQUEST.at("", objection.reason(), objection.detail());
            });
        }
        return subject;
    }

    private static int bytes(Subject subject) {
        return subject.canonical().getBytes(StandardCharsets.UTF_8).length;
    }
}
