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
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Continuation;
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
import org.askfirst.registry.repertoire.Delta.Step;
import org.askfirst.registry.repertoire.Delta.StepResult;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.submission.BatchSubmission;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Changes what repertoires list.
 *
 * <p>Changes are gathered into deltas, an entry of the ledger each, and a delta is durable before the next is read on:
 * deltas of one repertoire are decided one after another anyhow, and so memory does not grow with their number.
 */
@ApplicationScoped
class Repertoires {
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_AT_ONCE = 1000;

    private final Declarations intake;
    private final Listings listings;
    private final Mandates mandates;
    private final Ledger ledger;
    private final ObjectWriter json;

    Repertoires(Declarations intake, Listings listings, Mandates mandates, Ledger ledger, ObjectMapper mapper) {
        this.intake = intake;
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

    /** The repertoire of that id, as a caller wrote it. */
    DeclarationState find(String id) throws SQLException {
        DeclarationState found = intake.find(id);
        if (found.content().repertoire() == null) {
            throw Problem.NOT_FOUND.because("The declaration names its subjects; it is no repertoire");
        }
        return found;
    }

    @Nullable String title(DeclarationState repertoire) {
        Repertoire named = repertoire.content().repertoire();
        return named == null ? null : named.title();
    }

    /** How much it lists now. */
    long count(DeclarationState repertoire) throws SQLException {
        return listings.counts(List.of(repertoire.id())).getOrDefault(repertoire.id(), 0L);
    }

    /** {@code RepertoireChange}: some of each, in any order. */
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
        Set<Subject> coming = new HashSet<>(added);
        removed.stream()
                .filter(coming::contains)
                .findFirst()
                .ifPresent(both -> members.refuse("remove", Reason.CONFLICT, both + " is to be added and removed"));
        members.finish();
        List<StepResult> done = new ArrayList<>();
        Delta delta = new Delta();
        for (Step step : Stream.concat(
                        added.stream().map(subject -> new Step(true, subject)),
                        removed.stream().map(subject -> new Step(false, subject)))
                .toList()) {
            if (!delta.hasRoomFor(step)) {
                done.addAll(record(caller, repertoire, delta, true));
                delta = new Delta();
            }
            delta.add(step);
        }
        done.addAll(record(caller, repertoire, delta, true));
        List<StepResult> fresh = done.stream().filter(StepResult::fresh).toList();
        int more = (int) fresh.stream().filter(one -> one.step().adds()).count();
        return new RepertoireResource.RepertoireChanged(
                repertoire.id().toString(),
                more,
                fresh.size() - more,
                fresh.isEmpty() ? null : fresh.get(fresh.size() - 1).position(),
                done.stream()
                        .filter(StepResult::pending)
                        .map(one -> one.step().subject().canonical())
                        .toList(),
                count(repertoire));
    }

    /** Records what of it is not so already, and waits until that is durable. */
    private List<StepResult> record(Caller caller, DeclarationState repertoire, Delta delta, boolean patient)
            throws SQLException {
        Map<String, Long> listed = listings.now(repertoire.id(), delta.subjects());
        Delta.Change change = delta.changeOf(listed);
        long recorded = 0;
        if (!change.isEmpty()) {
            if (!change.added().isEmpty()) {
                intake.requireFreshProofs(caller.party(), repertoire.content(), change.added());
            }
            intake.requireNotLoosened(repertoire, change.added());
            Entry entry =
                    new DeclarationEntry.Listed(repertoire.id(), caller.party(), change.added(), change.removed());
            Proposal proposal = Proposal.of(entry, caller.authority());
            recorded = Ledger.await(patient ? ledger.proposeWaiting(proposal) : ledger.propose(proposal))
                    .position();
        }
        return delta.results(listed, recorded, Set.copyOf(intake.pending(repertoire, delta.addedSubjects())));
    }

    /**
     * Lines, each a {@code RepertoireLine}, in the order in which they come.
     *
     * @param mandate under which the repertoire speaks; null if for its party
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
            Lines.Line line = BatchSubmission.next(lines);
            while (line != null && changes.end == null) {
                answers.received(lines.received());
                if (!line.isBlank()) {
                    changes.take(line);
                }
                line = BatchSubmission.next(lines);
            }
            changes.settle();
            if (changes.end != null) {
                answers.write(changes.end.asLine());
                answers.flush();
                // A client that sends everything before it reads must get to read.
                Body.drain(body);
            }
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    /** The lines of one call. */
    private final class Changes {
        private final Caller caller;
        private final DeclarationState repertoire;
        private final @Nullable Mandate mandate;
        private final SpooledOutput answers;
        private final List<Taken> taken = new ArrayList<>();
        private Delta delta = new Delta();

        /** Nothing more is waited for once the registry could not keep up. */
        private boolean patient = true;

        /** The place where the next call continues; null until a change exceeds the budget. */
        private @Nullable Continuation end;

        Changes(Caller caller, DeclarationState repertoire, @Nullable Mandate mandate, SpooledOutput answers) {
            this.caller = caller;
            this.repertoire = repertoire;
            this.mandate = mandate;
            this.answers = answers;
        }

        /** A line that is not answered yet: refused, or a step of the delta. */
        private record Taken(long line, @Nullable ProblemException refused) {}

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
                taken.add(new Taken(line.number(), null));
            } catch (ProblemException refused) {
                taken.add(new Taken(line.number(), refused));
            }
            if (taken.size() >= Delta.MAX_STEPS) {
                settle();
            }
        }

        /** Records what has gathered, and answers it. */
        void settle() {
            if (taken.isEmpty() || end != null) {
                return;
            }
            List<StepResult> done = List.of();
            ProblemException failed = null;
            try {
                done = delta.isEmpty() ? List.of() : record(caller, repertoire, delta, patient);
            } catch (SQLException | RuntimeException failure) {
                failed = ProblemMapper.failed(failure);
                patient = patient && failed.problem() != Problem.UNAVAILABLE;
            }
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            int next = 0;
            for (Taken one : taken) {
                if (one.refused() == null) {
                    end = Continuation.ofBudget(one.line(), failed);
                }
                if (end != null) {
                    break;
                }
                ProblemException refused = one.refused() == null ? failed : one.refused();
                if (refused != null) {
                    write(new RepertoireAnswer(one.line(), null, null, null, null, ProblemDocument.of(refused)), block);
                } else {
                    write(answer(one.line(), done.get(next)), block);
                    next++;
                }
            }
            taken.clear();
            delta = new Delta();
            try {
                answers.write(block.toByteArray());
                answers.flush();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private RepertoireAnswer answer(long line, StepResult done) {
            return new RepertoireAnswer(
                    line,
                    done.step().subject().canonical(),
                    done.position() == 0 ? null : done.position(),
                    done.fresh() ? null : Boolean.TRUE,
                    done.pending() ? Boolean.TRUE : null,
                    null);
        }
    }

    private void write(RepertoireAnswer answer, ByteArrayOutputStream into) {
        try {
            into.writeBytes(json.writeValueAsBytes(answer));
            into.write('\n');
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer can be written", impossible);
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

    /** Under which the repertoire speaks; null if for its party. */
    @Nullable Mandate mandateOf(DeclarationState repertoire) throws SQLException {
        MandateId mandate = repertoire.content().mandate();
        return mandate == null ? null : mandates.find(mandate.toString()).terms();
    }

    private static Subject listable(String text, @Nullable Mandate mandate) {
        Subject subject = Subject.parse(text);
        subject.requireDeclarable();
        if (Delta.bytes(subject) > Delta.MAX_BYTES) {
            throw Problem.UNDECLARABLE_SUBJECT.at(
                    "",
                    Reason.TOO_LONG,
                    "It is longer than an entry of the ledger has room for; declare a shorter address above it");
        }
        if (mandate != null) {
            mandate.objectionTo(List.of(subject)).ifPresent(objection -> {
                throw Problem.INVALID_REQUEST.at("", objection.reason(), objection.detail());
            });
        }
        return subject;
    }
}
