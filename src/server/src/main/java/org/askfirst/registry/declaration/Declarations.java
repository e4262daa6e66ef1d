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

/** Turns submissions into proposals to the ledger, and what became of them into views. */
@ApplicationScoped
public class Declarations {
    public static final int WORK_ID_BYTES = 16;

    /** All that an entry has beside its subjects is far shorter than what this leaves. */
    private static final int LONG = 1 << 15;

    private final Controls controls;
    private final Mandates mandates;
    private final DeclarationHistory standing;
    private final Listings listings;
    private final Receipts receipts;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Declarations(
            Controls controls,
            Mandates mandates,
            DeclarationHistory standing,
            Listings listings,
            Receipts receipts,
            IdSource ids,
            Clock clock) {
        this.controls = controls;
        this.mandates = mandates;
        this.standing = standing;
        this.listings = listings;
        this.receipts = receipts;
        this.ids = ids;
        this.clock = clock;
    }

    /** The proposal to record a new declaration. */
    Proposal declaring(Caller caller, JsonNode body, Proposal.@Nullable Idempotency idempotency) {
        return declaring(
                caller, DeclarationRequest.parse(body, caller.reachable(), clock.instant(), false), idempotency);
    }

    /** The proposal to record a new declaration that was read already. */
    public Proposal declaring(Caller caller, Content read, Proposal.@Nullable Idempotency idempotency) {
        Content content = read;
        boolean mints = content.subjects().isEmpty() && content.repertoire() == null;
        if (mints) {
            byte[] id = new byte[WORK_ID_BYTES];
            random.nextBytes(id);
            content = content.about(List.of(Subject.ofWork(id)));
        }
        return stating(caller, false, mints, new DeclarationId(ids.next()), content, idempotency);
    }

    /** The proposal to say something else under the same id. */
    Proposal amending(
            Caller caller, DeclarationState before, JsonNode body, Proposal.@Nullable Idempotency idempotency) {
        Content content = DeclarationRequest.parse(body, caller.reachable(), clock.instant(), true);
        requireSameKind(before.content(), content);
        if (content.subjects().isEmpty()) {
            content = content.about(before.content().subjects());
        }
        if (content.repertoire() == null) {
            content = content.under(before.content().repertoire());
        }
        return stating(caller, true, false, before.id(), content, idempotency);
    }

    /** A repertoire stays one: what it lists is not to be lost in an amendment, nor subjects in a list. */
    private static void requireSameKind(Content before, Content now) {
        boolean was = before.repertoire() != null;
        if (was ? !now.subjects().isEmpty() || now.work() != null : now.repertoire() != null) {
            throw Problem.INVALID_REQUEST.at(
                    was ? "/subjects" : "/repertoire",
                    Reason.FIXED,
                    was
                            ? "this is a repertoire: list its subjects by POST to …/repertoire, and leave out subjects"
                                    + " and work"
                            : "this declaration names its subjects; declare a repertoire of its own");
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
        return proposal.under(idempotency);
    }

    /** An entry that fits no bundle could be recorded but never served from the log. */
    private void requireBundleable(DeclarationEntry.Stated entry) {
        int characters = 0;
        for (Subject subject : entry.content().subjects()) {
            characters += subject.canonical().length();
        }
        if (characters < LONG) {
            return;
        }
        int bytes = entry.canonical(clock.instant()).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > EntryBundle.MAX_ENTRY_BYTES) {
            throw Problem.TOO_LARGE.because(
                    "This would be recorded in " + bytes + " bytes, and an entry of the ledger has" + " at most "
                            + EntryBundle.MAX_ENTRY_BYTES + "; name the subjects in several declarations");
        }
    }

    /** The declaration as the act left it, with a signed receipt. */
    DeclarationView after(Proposal.Outcome outcome) throws SQLException {
        LedgerEntry recorded = outcome.recorded();
        DeclarationState left =
                recorded != null && recorded.entry() instanceof DeclarationEntry.Stated stated && !stated.amends()
                        ? new DeclarationState(
                                stated.declaration(),
                                stated.party(),
                                recorded.position(),
                                false,
                                recorded,
                                stated.contentWith(recorded.confidential()))
                        : standing.asOf(outcome.position());
        LedgerGroup group = outcome.group() == null ? LedgerGroup.of(left.latest()) : outcome.group();
        return DeclarationView.of(
                left,
                pending(left, proved(List.of(left)), mandates(List.of(left))),
                listed(List.of(left)),
                receipts.of(left.latest(), group),
                clock.instant());
    }

    /** The declaration as it stands. */
    public DeclarationState find(String id) throws SQLException {
        Optional<DeclarationId> known = DeclarationId.parse(id);
        Optional<DeclarationState> found = known.isEmpty() ? Optional.empty() : standing.declaration(known.get());
        return found.orElseThrow(() -> Problem.NOT_FOUND.because("There is no such declaration"));
    }

    /** For each mandate under which one of those declarations was made, whose control of a subject counts too. */
    private Map<MandateId, MandateTerm> mandates(List<DeclarationState> declarations) throws SQLException {
        Set<MandateId> named = new HashSet<>();
        for (DeclarationState declaration : declarations) {
            MandateId mandate = declaration.content().mandate();
            if (mandate != null) {
                named.add(mandate);
            }
        }
        return mandates.now(named);
    }

    DeclarationView view(DeclarationState declaration) throws SQLException {
        return views(List.of(declaration)).get(0);
    }

    List<DeclarationView> views(List<DeclarationState> declarations) throws SQLException {
        ControlsByKey proved = proved(declarations);
        Map<MandateId, MandateTerm> mandated = mandates(declarations);
        Map<DeclarationId, Long> listed = listed(declarations);
        List<DeclarationView> views = new ArrayList<>();
        for (DeclarationState declaration : declarations) {
            views.add(DeclarationView.of(
                    declaration,
                    pending(declaration, proved, mandated),
                    listed,
                    Receipt.unsigned(declaration.latest()),
                    clock.instant()));
        }
        return views;
    }

    /** How much those of the declarations list that are repertoires. */
    private Map<DeclarationId, Long> listed(List<DeclarationState> declarations) throws SQLException {
        return listings.counts(declarations.stream()
                .filter(declaration -> declaration.content().repertoire() != null)
                .map(DeclarationState::id)
                .toList());
    }

    /** Which of those subjects would not count, if the repertoire listed them, until control of them is proved. */
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
                repertoire.content().about(unproved));
        return pending(about, proved(List.of(about)), mandates(List.of(about)));
    }

    /** What was proved, by anybody, of what those declarations need proof for. */
    private ControlsByKey proved(List<DeclarationState> declarations) throws SQLException {
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
            DeclarationState declaration, ControlsByKey proved, Map<MandateId, MandateTerm> mandated) {
        MandateId mandate = declaration.content().mandate();
        MandateTerm term = mandate == null ? null : mandated.get(mandate);
        PartyId member = term == null ? null : term.member();
        return declaration.content().subjects().stream()
                .filter(subject -> subject.scheme().needsControl())
                .filter(subject -> proved.over(subject.expand()).isPending(declaration.party(), member))
                .toList();
    }
}
