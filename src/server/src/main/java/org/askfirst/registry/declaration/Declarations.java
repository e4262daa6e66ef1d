package org.askfirst.registry.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.IdSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.control.ControlsByKey;
import org.askfirst.registry.control.FreshProofs;
import org.askfirst.registry.dispute.ContestedSubjects;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.statement.References;
import org.askfirst.registry.transparency.Receipt;
import org.askfirst.registry.transparency.Receipts;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.tlog.EntryBundle;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.Stance;
import org.jspecify.annotations.Nullable;

/** Turns submissions into proposals to the ledger, and outcomes into views. */
@ApplicationScoped
public class Declarations {
    public static final int WORK_ID_BYTES = 16;

    /**
     * Number of characters in subjects below which an entry always fits a bundle: its other members are far shorter
     * than the rest of a bundle.
     */
    private static final int LONG_SUBJECTS = 1 << 15;

    private final Controls controls;
    private final FreshProofs freshProofs;
    private final ContestedSubjects contested;
    private final Mandates mandates;
    private final DeclarationHistory history;
    private final Listings listings;
    private final References references;
    private final Receipts receipts;
    private final IdSource ids;
    private final Measures measures;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Declarations(
            Controls controls,
            FreshProofs freshProofs,
            ContestedSubjects contested,
            Mandates mandates,
            DeclarationHistory history,
            Listings listings,
            References references,
            Receipts receipts,
            IdSource ids,
            Measures measures,
            Clock clock) {
        this.measures = measures;
        this.controls = controls;
        this.freshProofs = freshProofs;
        this.contested = contested;
        this.mandates = mandates;
        this.history = history;
        this.listings = listings;
        this.references = references;
        this.receipts = receipts;
        this.ids = ids;
        this.clock = clock;
    }

    /** Returns the proposal to record a new declaration, read from {@code body}. */
    Proposal declaring(Caller caller, JsonNode body, Proposal.Request request) {
        DeclarationRequest.Parsed read = DeclarationRequest.parse(body, caller.reachable(), clock.instant(), false);
        return declaring(caller, read.content(), request.referring(read.reference()));
    }

    /**
     * Returns the proposal to record a new declaration.
     *
     * @param read a content that was already read; without subjects, the registry assigns a {@code work:} id
     */
    public Proposal declaring(Caller caller, Content read, Proposal.Request request) {
        Content content = read;
        boolean mints = content.subjects().isEmpty() && content.repertoire() == null;
        if (mints) {
            byte[] id = new byte[WORK_ID_BYTES];
            random.nextBytes(id);
            content = content.withSubjects(List.of(Subject.ofWork(id)));
        }
        requireNotSetAside(caller, content);
        requireNotLoosened(caller, content);
        return stating(caller, false, mints, new DeclarationId(ids.next()), content, request);
    }

    private void requireNotSetAside(Caller caller, Content content) {
        try {
            contested.requireDeclarable(caller.party(), member(content), content.subjects());
        } catch (SQLException failure) {
            throw unreadable();
        }
    }

    /**
     * Requires, before a plain permission, that the registry has seen the token of a proof on which it rests lately.
     *
     * @param content the declaration that permits
     * @param subjects the subjects that are permitted; none for all that a repertoire lists
     */
    public void requireFreshProofs(PartyId party, Content content, List<Subject> subjects) {
        if (!content.stances().include(Stance.PERMITTED)) {
            return;
        }
        try {
            if (subjects.isEmpty()) {
                freshProofs.requireAll(party, member(content));
            } else {
                freshProofs.require(party, member(content), subjects);
            }
        } catch (SQLException failure) {
            throw Problem.UNAVAILABLE.withoutEffect("The registry cannot read what is proved; try again");
        }
    }

    private void requireNotLoosened(Caller caller, Content content) {
        try {
            contested.requireNotLoosened(
                    caller.party(), member(content), content.subjects(), content.stances(), "/subjects");
        } catch (SQLException failure) {
            throw unreadable();
        }
    }

    private static ProblemException unreadable() {
        return Problem.UNAVAILABLE.withoutEffect("The registry cannot read what is contested; try again");
    }

    /**
     * Refuses works that the repertoire would permit more than the party's statements do now, while a dispute about them
     * runs.
     */
    public void requireNotLoosened(DeclarationState repertoire, List<Subject> added) throws SQLException {
        contested.requireNotLoosened(
                repertoire.party(),
                member(repertoire.content()),
                added,
                repertoire.content().stances(),
                "/add");
    }

    private @Nullable PartyId member(Content content) throws SQLException {
        MandateId mandate = content.mandate();
        MandateTerm term =
                mandate == null ? null : mandates.now(List.of(mandate)).get(mandate);
        return term == null ? null : term.member();
    }

    /** Returns the proposal to change the content of a declaration. */
    Proposal amending(Caller caller, DeclarationState before, JsonNode body, Proposal.Request request) {
        DeclarationRequest.Parsed read = DeclarationRequest.parse(body, caller.reachable(), clock.instant(), true);
        Content content = read.content();
        requireSameKind(before.content(), content);
        if (content.subjects().isEmpty()) {
            content = content.withSubjects(before.content().subjects());
        }
        if (content.repertoire() == null) {
            content = content.withRepertoire(before.content().repertoire());
        }
        requireNotLoosened(caller, content);
        if (content.repertoire() != null) {
            try {
                contested.requireNotLoosened(
                        caller.party(), before.id(), before.content().stances(), content.stances());
            } catch (SQLException failure) {
                throw unreadable();
            }
        }
        Set<Subject> kept = new HashSet<>(before.content().subjects());
        kept.retainAll(content.subjects());
        return stating(
                caller,
                true,
                false,
                before.id(),
                content,
                request.referring(read.reference()).replacing(kept.size()));
    }

    /**
     * Refuses to turn a repertoire into a declaration of named subjects, or the other way round: an amendment must not
     * lose the list or the subjects.
     */
    private static void requireSameKind(Content before, Content now) {
        if (before.repertoire() == null) {
            if (now.repertoire() != null) {
                throw Problem.INVALID_REQUEST.at(
                        "/repertoire",
                        Reason.FIXED,
                        "this declaration names its subjects; declare a repertoire of its own");
            }
        } else if (!now.subjects().isEmpty() || now.work() != null) {
            throw Problem.INVALID_REQUEST.at(
                    "/subjects",
                    Reason.FIXED,
                    "this is a repertoire: list its subjects by POST to …/repertoire, and leave out subjects"
                            + " and work");
        }
    }

    private Proposal stating(
            Caller caller, boolean amends, boolean mints, DeclarationId id, Content content, Proposal.Request request) {
        requireFreshProofs(caller.party(), content, content.subjects());
        Optional<Confidential> confidential = Confidential.of(content);
        Proposal proposal = Proposal.confidential(
                confidential.orElse(null),
                caller.authority(),
                commitment -> new DeclarationEntry.Stated(
                        amends,
                        mints,
                        id,
                        caller.party(),
                        content,
                        caller.reachable() || content.terms().isContactable(),
                        caller.reachable() && !content.terms().isContactable(),
                        commitment));
        requireBundleable((DeclarationEntry.Stated) proposal.entry());
        return proposal.with(request);
    }

    /**
     * Refuses an entry that is longer than a bundle of the log allows: it could be recorded, but never served from the
     * log.
     */
    private void requireBundleable(DeclarationEntry.Stated entry) {
        int characters = 0;
        for (Subject subject : entry.content().subjects()) {
            characters += subject.canonical().length();
        }
        if (characters < LONG_SUBJECTS) {
            return;
        }
        int bytes = entry.canonical(clock.instant()).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > EntryBundle.MAX_ENTRY_BYTES) {
            throw Problem.TOO_LARGE.because("The entry would have " + bytes + " bytes, and the ledger allows at most "
                    + EntryBundle.MAX_ENTRY_BYTES + "; name the subjects in several declarations");
        }
    }

    /**
     * Returns the state of the declaration after the act, with a signed receipt.
     *
     * @param done the act, whose party sees its own reference
     */
    DeclarationView after(Proposal done, Proposal.Outcome outcome) throws SQLException {
        LedgerEntry recorded = outcome.recorded();
        DeclarationState state =
                recorded != null && recorded.entry() instanceof DeclarationEntry.Stated stated && !stated.amends()
                        ? new DeclarationState(
                                stated.declaration(),
                                stated.party(),
                                recorded.position(),
                                false,
                                recorded,
                                stated.contentWith(recorded.confidential()))
                        : history.asOf(outcome.position());
        LedgerGroup group = outcome.group() == null ? LedgerGroup.of(state.latest()) : outcome.group();
        // A new declaration has only the reference of its own request.
        String reference = recorded != null && recorded.entry().changed().isEmpty()
                ? done.reference()
                : references.of(done.entry().party(), List.of(state.id())).get(state.id());
        return DeclarationView.of(
                state,
                pending(state, controls(List.of(state)), mandates(List.of(state))),
                contested(state),
                listedCounts(List.of(state)),
                reference,
                receipts.of(state.latest(), group),
                measures,
                true,
                clock.instant());
    }

    /** Returns the declaration that an act would make. It has no position, and the work has no id yet. */
    DeclarationView rehearsed(Proposal rehearsal) throws SQLException {
        DeclarationEntry.Stated stated = (DeclarationEntry.Stated) rehearsal.entry();
        Content content = stated.contentWith(rehearsal.confidential());
        Instant now = clock.instant();
        DeclarationState state = new DeclarationState(
                stated.declaration(),
                stated.party(),
                0,
                false,
                new LedgerEntry(0, now, stated, "", LedgerStore.leafHash(""), rehearsal.confidential(), null),
                stated.mints() ? content.withSubjects(List.of()) : content);
        return DeclarationView.of(
                state,
                pending(state, controls(List.of(state)), mandates(List.of(state))),
                contested(state),
                Map.of(),
                rehearsal.reference(),
                Receipt.unsigned(state.latest()),
                measures,
                true,
                now);
    }

    /**
     * Returns the current state of the declaration.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if no declaration has this id
     */
    public DeclarationState find(String id) throws SQLException {
        Optional<DeclarationId> declaration = DeclarationId.parse(id);
        Optional<DeclarationState> state =
                declaration.isEmpty() ? Optional.empty() : history.declaration(declaration.get());
        return state.orElseThrow(() -> Problem.NOT_FOUND.because("There is no such declaration"));
    }

    /**
     * Returns the terms of all mandates that the declarations name. Control that a member proved applies to
     * declarations under its mandate too.
     */
    private Map<MandateId, MandateTerm> mandates(List<DeclarationState> declarations) throws SQLException {
        Set<MandateId> mandateIds = new HashSet<>();
        for (DeclarationState declaration : declarations) {
            MandateId mandate = declaration.content().mandate();
            if (mandate != null) {
                mandateIds.add(mandate);
            }
        }
        return mandates.now(mandateIds);
    }

    DeclarationView view(DeclarationState declaration, @Nullable PartyId reader) throws SQLException {
        return views(List.of(declaration), reader).get(0);
    }

    /**
     * Returns the declarations as they are now.
     *
     * @param reader sees the references of its own declarations; null if it is not known
     */
    List<DeclarationView> views(List<DeclarationState> declarations, @Nullable PartyId reader) throws SQLException {
        Map<DeclarationId, String> referencesById = reader == null
                ? Map.of()
                : references.of(
                        reader, declarations.stream().map(DeclarationState::id).toList());
        ControlsByKey controls = controls(declarations);
        Map<MandateId, MandateTerm> terms = mandates(declarations);
        Map<Speaker, Map<Subject, ContestState>> contests = contested(declarations, terms);
        Map<DeclarationId, Long> listedCounts = listedCounts(declarations);
        List<DeclarationView> views = new ArrayList<>();
        for (DeclarationState declaration : declarations) {
            views.add(DeclarationView.of(
                    declaration,
                    pending(declaration, controls, terms),
                    contests.getOrDefault(speaker(declaration, terms), Map.of()),
                    listedCounts,
                    referencesById.get(declaration.id()),
                    Receipt.unsigned(declaration.latest()),
                    measures,
                    declaration.party().equals(reader),
                    clock.instant()));
        }
        return views;
    }

    /** A party, and the member for whom it speaks; null if it speaks for itself. */
    private record Speaker(PartyId party, @Nullable PartyId member) {}

    private static Speaker speaker(DeclarationState declaration, Map<MandateId, MandateTerm> terms) {
        MandateId mandate = declaration.content().mandate();
        MandateTerm term = mandate == null ? null : terms.get(mandate);
        return new Speaker(declaration.party(), term == null ? null : term.member());
    }

    /** Returns the subjects of declarations that are contested or set aside, by who speaks. */
    private Map<Speaker, Map<Subject, ContestState>> contested(
            List<DeclarationState> declarations, Map<MandateId, MandateTerm> terms) throws SQLException {
        Map<Speaker, List<Subject>> subjects = new HashMap<>();
        for (DeclarationState declaration : declarations) {
            subjects.computeIfAbsent(speaker(declaration, terms), speaker -> new ArrayList<>())
                    .addAll(declaration.content().subjects());
        }
        Map<Speaker, Map<Subject, ContestState>> states = new HashMap<>();
        for (Map.Entry<Speaker, List<Subject>> one : subjects.entrySet()) {
            states.put(
                    one.getKey(),
                    contested.of(one.getKey().party(), one.getKey().member(), one.getValue()));
        }
        return states;
    }

    private Map<Subject, ContestState> contested(DeclarationState declaration) throws SQLException {
        Map<MandateId, MandateTerm> terms = mandates(List.of(declaration));
        return contested(List.of(declaration), terms).getOrDefault(speaker(declaration, terms), Map.of());
    }

    /** Returns the number of subjects that each repertoire among the declarations lists. */
    private Map<DeclarationId, Long> listedCounts(List<DeclarationState> declarations) throws SQLException {
        return listings.counts(declarations.stream()
                .filter(declaration -> declaration.content().repertoire() != null)
                .map(DeclarationState::id)
                .toList());
    }

    /**
     * Returns the subjects that would be pending if the repertoire listed them, because control of them is not proved.
     */
    public List<Subject> pending(DeclarationState repertoire, List<Subject> subjects) throws SQLException {
        List<Subject> unproved = subjects.stream()
                .filter(subject -> subject.scheme().needsControl())
                .toList();
        if (unproved.isEmpty()) {
            return List.of();
        }
        DeclarationState about = new DeclarationState(
                repertoire.id(),
                repertoire.party(),
                repertoire.declaredAt(),
                repertoire.withdrawn(),
                repertoire.latest(),
                repertoire.content().withSubjects(unproved));
        return pending(about, controls(List.of(about)), mandates(List.of(about)));
    }

    /** Returns the proofs of control, by any party, of the subjects for which the declarations need one. */
    private ControlsByKey controls(List<DeclarationState> declarations) throws SQLException {
        List<SubjectKey> keys = new ArrayList<>();
        for (DeclarationState declaration : declarations) {
            for (Subject subject : declaration.content().subjects()) {
                if (subject.scheme().needsControl()) {
                    Expansion covers = subject.expand();
                    for (int i = 0; i < covers.size(); i++) {
                        keys.add(covers.key(i));
                    }
                }
            }
        }
        return keys.isEmpty() ? ControlsByKey.NONE : controls.byKey(keys, Long.MAX_VALUE - 1);
    }

    private static List<Subject> pending(
            DeclarationState declaration, ControlsByKey controls, Map<MandateId, MandateTerm> terms) {
        MandateId mandate = declaration.content().mandate();
        MandateTerm term = mandate == null ? null : terms.get(mandate);
        PartyId member = term == null ? null : term.member();
        return declaration.content().subjects().stream()
                .filter(subject -> subject.scheme().needsControl())
                .filter(subject -> controls.isPending(subject.expand(), declaration.party(), member))
                .toList();
    }
}
