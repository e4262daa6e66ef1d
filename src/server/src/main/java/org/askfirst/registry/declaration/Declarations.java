package org.askfirst.registry.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
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
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.control.ControlsByKey;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.transparency.Receipt;
import org.askfirst.registry.transparency.Receipts;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.tlog.EntryBundle;
import org.askfirst.verdict.MandateTerm;
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
    private final Mandates mandates;
    private final DeclarationHistory history;
    private final Listings listings;
    private final Receipts receipts;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Declarations(
            Controls controls,
            Mandates mandates,
            DeclarationHistory history,
            Listings listings,
            Receipts receipts,
            IdSource ids,
            Clock clock) {
        this.controls = controls;
        this.mandates = mandates;
        this.history = history;
        this.listings = listings;
        this.receipts = receipts;
        this.ids = ids;
        this.clock = clock;
    }

    /** Returns the proposal to record a new declaration, read from {@code body}. */
    Proposal declaring(Caller caller, JsonNode body, Proposal.@Nullable Idempotency idempotency) {
        return declaring(
                caller, DeclarationRequest.parse(body, caller.reachable(), clock.instant(), false), idempotency);
    }

    /**
     * Returns the proposal to record a new declaration.
     *
     * @param read a content that was already read; without subjects, the registry assigns a {@code work:} id
     */
    public Proposal declaring(Caller caller, Content read, Proposal.@Nullable Idempotency idempotency) {
        Content content = read;
        boolean mints = content.subjects().isEmpty() && content.repertoire() == null;
        if (mints) {
            byte[] id = new byte[WORK_ID_BYTES];
            random.nextBytes(id);
            content = content.withSubjects(List.of(Subject.ofWork(id)));
        }
        return stating(caller, false, mints, new DeclarationId(ids.next()), content, idempotency);
    }

    /** Returns the proposal to change the content of a declaration. */
    Proposal amending(
            Caller caller, DeclarationState before, JsonNode body, Proposal.@Nullable Idempotency idempotency) {
        Content content = DeclarationRequest.parse(body, caller.reachable(), clock.instant(), true);
        requireSameKind(before.content(), content);
        if (content.subjects().isEmpty()) {
            content = content.withSubjects(before.content().subjects());
        }
        if (content.repertoire() == null) {
            content = content.withRepertoire(before.content().repertoire());
        }
        return stating(caller, true, false, before.id(), content, idempotency);
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
            Caller caller,
            boolean amends,
            boolean mints,
            DeclarationId id,
            Content content,
            Proposal.@Nullable Idempotency idempotency) {
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
                        commitment));
        requireBundleable((DeclarationEntry.Stated) proposal.entry());
        return proposal.withIdempotency(idempotency);
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

    /** Returns the state of the declaration after the act, with a signed receipt. */
    DeclarationView after(Proposal.Outcome outcome) throws SQLException {
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
        return DeclarationView.of(
                state,
                pending(state, controls(List.of(state)), mandates(List.of(state))),
                listedCounts(List.of(state)),
                receipts.of(state.latest(), group),
                clock.instant());
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

    DeclarationView view(DeclarationState declaration) throws SQLException {
        return views(List.of(declaration)).get(0);
    }

    List<DeclarationView> views(List<DeclarationState> declarations) throws SQLException {
        ControlsByKey controls = controls(declarations);
        Map<MandateId, MandateTerm> terms = mandates(declarations);
        Map<DeclarationId, Long> listedCounts = listedCounts(declarations);
        List<DeclarationView> views = new ArrayList<>();
        for (DeclarationState declaration : declarations) {
            views.add(DeclarationView.of(
                    declaration,
                    pending(declaration, controls, terms),
                    listedCounts,
                    Receipt.unsigned(declaration.latest()),
                    clock.instant()));
        }
        return views;
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
                .filter(subject -> controls.over(subject.expand()).isPending(declaration.party(), member))
                .toList();
    }
}
