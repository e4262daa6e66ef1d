package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.DisputeStep;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Disputes: filing, and the steps until the operator decides. Each step is an entry that says how many days the other
 * side has, so that nothing has to happen at the end of a time.
 */
@ApplicationScoped
public class Filings {
    private static final int DAYS_TO_ANSWER = 30;
    private static final int DAYS_TO_CURE = 5;
    private static final int DAYS_TO_CONTINUE = 14;

    private final Ledger ledger;
    private final LedgerStore entries;
    private final Disputes disputes;
    private final Rights rights;
    private final Controls controls;
    private final DeclarationHistory declarations;
    private final Listings listings;
    private final Notices notices;
    private final IdSource ids;
    private final Clock clock;

    Filings(
            Ledger ledger,
            LedgerStore entries,
            Disputes disputes,
            Rights rights,
            Controls controls,
            DeclarationHistory declarations,
            Listings listings,
            Notices notices,
            IdSource ids,
            Clock clock) {
        this.ledger = ledger;
        this.entries = entries;
        this.disputes = disputes;
        this.rights = rights;
        this.controls = controls;
        this.declarations = declarations;
        this.listings = listings;
        this.notices = notices;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Files a dispute. The respondent gets its notice in the same transaction.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#TOO_MANY_REQUESTS} after too many in a day, {@link
     *     Problem#NOTHING_TO_CHANGE} if the caller disputed one of the subjects before
     */
    Disputes.Dispute file(Caller caller, DisputeRequest request) throws SQLException {
        if (rights.isSuspended(caller.party())) {
            throw Problem.FORBIDDEN.because("A suspended party cannot file a dispute");
        }
        Cause cause = request.control() == null
                ? statement(caller, Objects.requireNonNull(request.declaration()), request.subjects())
                : proof(caller, request.control());
        DisputeId id = new DisputeId(ids.next());
        record(
                caller.authority(),
                request.statement(),
                commitment -> new DisputeEntry.DisputeFiled(
                        id,
                        caller.party(),
                        cause.respondent(),
                        cause.declaration(),
                        cause.subjects(),
                        request.grounds(),
                        request.evidence(),
                        DAYS_TO_ANSWER,
                        commitment));
        Disputes.Dispute dispute = disputes.find(id.toString());
        notices.prune(cause.respondent(), Notices.Kind.DISPUTED);
        tellMember(cause.member(), dispute);
        return dispute;
    }

    /**
     * The cause of a dispute.
     *
     * @param declaration the disputed declaration; null if a proof of control is disputed
     * @param member the member for whom it was declared; null if for nobody
     */
    private record Cause(
            PartyId respondent,
            @Nullable DeclarationId declaration,
            List<Subject> subjects,
            @Nullable PartyId member) {}

    private Cause statement(Caller caller, DeclarationId id, List<Subject> named) throws SQLException {
        DeclarationState declaration = declarations
                .declaration(id)
                .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                        "/declaration", Reason.UNKNOWN_VALUE, "there is no such declaration"));
        if (declaration.party().equals(caller.party())) {
            throw Problem.INVALID_REQUEST.at(
                    "/declaration", Reason.OWN_PARTY, "this declaration is your own; withdraw it instead");
        }
        if (declaration.withdrawn()) {
            throw Problem.NOTHING_TO_CHANGE.because("The declaration is withdrawn");
        }
        return new Cause(
                declaration.party(), declaration.id(), subjects(declaration, named), rights.memberOf(declaration));
    }

    private Cause proof(Caller caller, DisputeRequest.DisputedControl control) throws SQLException {
        if (control.party().equals(caller.party())) {
            throw Problem.INVALID_REQUEST.at(
                    "/control/party", Reason.OWN_PARTY, "this proof is your own; withdraw it instead");
        }
        if (!controls.isInForce(control.party(), control.subject())) {
            throw Problem.INVALID_REQUEST.at(
                    "/control", Reason.UNKNOWN_VALUE, "the party has no proof of control of exactly this subject");
        }
        return new Cause(control.party(), null, List.of(control.subject()), null);
    }

    /** Tells the member for whom a society made the declaration that is rejected or disputed. */
    private void tellMember(@Nullable PartyId member, Disputes.Dispute dispute) throws SQLException {
        if (member != null && !dispute.concerns(member)) {
            notices.add(
                    member,
                    dispute.recordedAt(),
                    Notices.Kind.DISPUTE_CHANGED,
                    dispute.id().toString(),
                    dispute.endsAt());
        }
    }

    /** Returns the subjects of the dispute: those named, which the declaration must be about, or all. */
    private List<Subject> subjects(DeclarationState declaration, List<Subject> named) throws SQLException {
        boolean isList = declaration.content().repertoire() != null;
        if (isList && named.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/subjects", Reason.MISSING, "this is a list of works; name the listed works that you dispute");
        }
        List<Subject> declared = isList
                ? listings.now(declaration.id(), named).keySet().stream()
                        .map(Subject::ofStored)
                        .toList()
                : declaration.content().subjects();
        for (int i = 0; i < named.size(); i++) {
            if (!declared.contains(named.get(i))) {
                throw Problem.INVALID_REQUEST.at(
                        "/subjects/" + i, Reason.CONFLICT, "the declaration does not name this");
            }
        }
        return Rejections.withoutSharedKeys(named.isEmpty() ? declared : named);
    }

    /** Takes the next step of a dispute and tells the other side. */
    Disputes.Dispute step(Caller caller, Disputes.Dispute dispute, DisputeRequest.StepRequest request)
            throws SQLException {
        DisputeStep step = switch (request.step()) {
            case "answer" -> DisputeStep.ANSWERED;
            case "continue" -> DisputeStep.CONTINUED;
            case "cure" -> DisputeStep.CURED;
            default -> DisputeStep.APPEALED;
        };
        if (step != DisputeStep.ANSWERED && rights.isSuspended(caller.party())) {
            throw Problem.FORBIDDEN.because("A suspended party can only answer or withdraw");
        }
        return step(caller, dispute, step, request.statement(), request.evidence());
    }

    /** Withdraws a dispute and tells the respondent. */
    void withdraw(Caller caller, Disputes.Dispute dispute) throws SQLException {
        step(caller, dispute, DisputeStep.WITHDRAWN, null, List.of());
    }

    private Disputes.Dispute step(
            Caller caller,
            Disputes.Dispute dispute,
            DisputeStep step,
            @Nullable String statement,
            List<String> evidence)
            throws SQLException {
        LedgerEntry entry = record(
                caller.authority(),
                statement,
                commitment -> new DisputeEntry.DisputeStepped(
                        step, dispute.id(), caller.party(), evidence, days(step), commitment));
        Disputes.Dispute after = disputes.find(dispute.id().toString());
        PartyId other = caller.party().equals(dispute.respondent())
                ? Objects.requireNonNull(dispute.challenger())
                : dispute.respondent();
        notices.add(
                other,
                entry.recordedAt(),
                Notices.Kind.DISPUTE_CHANGED,
                dispute.id().toString(),
                after.endsAt());
        return after;
    }

    /** Records that the operator found a defect in a dispute, and tells the challenger. */
    public DisputeView findDefective(Authority operator, String id, String reason) throws SQLException {
        Disputes.Dispute dispute = disputes.find(id);
        PartyId challenger = dispute.challenger();
        if (challenger == null || dispute.kind() != Disputes.Kind.DISPUTE) {
            throw Problem.NOT_FOUND.because("There is no such dispute");
        }
        LedgerEntry entry = record(
                operator,
                reason,
                commitment -> new DisputeEntry.DisputeStepped(
                        DisputeStep.DEFECTIVE, dispute.id(), challenger, List.of(), DAYS_TO_CURE, commitment));
        Disputes.Dispute after = disputes.find(dispute.id().toString());
        notices.add(
                challenger,
                entry.recordedAt(),
                Notices.Kind.DISPUTE_CHANGED,
                dispute.id().toString(),
                after.endsAt());
        return DisputeView.of(after, clock.instant());
    }

    /**
     * Lets a party decide the dispute in the operator's place, and tells it and both sides. A decision, or another name,
     * ends this.
     */
    public DisputeView nameArbiter(Authority operator, String id, PartyId arbiter, String reason) throws SQLException {
        Disputes.Dispute dispute = disputes.find(id);
        if (dispute.kind() != Disputes.Kind.DISPUTE) {
            throw Problem.NOT_FOUND.because("There is no such dispute");
        }
        if (!rights.isOpen(arbiter)) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party that may decide");
        }
        if (dispute.concerns(arbiter) || dispute.isAboutControl()) {
            throw Problem.INVALID_REQUEST.at(
                    "/party",
                    Reason.CONFLICT,
                    "an arbiter is neither side, and decides about declarations; the operator decides about proofs");
        }
        LedgerEntry entry = record(
                operator,
                reason,
                commitment -> new DisputeEntry.DisputeStepped(
                        DisputeStep.ARBITER_NAMED, dispute.id(), arbiter, List.of(), null, commitment));
        Disputes.Dispute after = disputes.find(dispute.id().toString());
        for (PartyId told : List.of(arbiter, dispute.respondent(), Objects.requireNonNull(dispute.challenger()))) {
            notices.add(
                    told,
                    entry.recordedAt(),
                    Notices.Kind.DISPUTE_CHANGED,
                    dispute.id().toString(),
                    after.endsAt());
        }
        return DisputeView.of(after, clock.instant());
    }

    /** Returns the disputes that wait for a decision, oldest first. */
    public List<DisputeView> undecided(long after, int limit) throws SQLException {
        Instant now = clock.instant();
        return disputes.undecided(after, limit).stream()
                .map(dispute -> DisputeView.of(dispute, now))
                .toList();
    }

    /** Returns the disputes that nobody answered in time, oldest first. */
    public List<DisputeView> unanswered(long after, int limit) throws SQLException {
        Instant now = clock.instant();
        return disputes.unanswered(after, limit, now).stream()
                .map(dispute -> DisputeView.of(dispute, now))
                .toList();
    }

    /**
     * Requires that no dispute against the party runs: its account must not change hands meanwhile.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOTHING_TO_CHANGE} if one does
     */
    public void requireNoneRunning(PartyId party) throws SQLException {
        if (disputes.isRunningAgainst(party, clock.instant())) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "A dispute against this party runs, so its account cannot change hands; decide the dispute first");
        }
    }

    private static @Nullable Integer days(DisputeStep step) {
        return switch (step) {
            case CURED -> DAYS_TO_ANSWER;
            case ANSWERED -> DAYS_TO_CONTINUE;
            case DEFECTIVE -> DAYS_TO_CURE;
            case CONTINUED, APPEALED, WITHDRAWN, ARBITER_NAMED -> null;
        };
    }

    private LedgerEntry record(Authority authority, @Nullable String statement, Proposal.CommittedEntry entry)
            throws SQLException {
        Confidential confidential = statement == null ? null : Confidential.ofReason(statement, authority.operators());
        Proposal.Outcome outcome = Ledger.await(ledger.propose(Proposal.confidential(confidential, authority, entry)));
        return entries.at(List.of(outcome.position())).get(0);
    }

    /** Returns the entries of the dispute, oldest first, with their confidential parts. */
    List<LedgerEntry> thread(Disputes.Dispute dispute) throws SQLException {
        List<LedgerEntry> thread = new ArrayList<>(entries.at(disputes.steps(dispute.id())));
        thread.sort((one, other) -> Long.compare(one.position(), other.position()));
        return thread;
    }
}
