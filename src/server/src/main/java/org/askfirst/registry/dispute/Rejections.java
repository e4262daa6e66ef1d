package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.IdSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.statement.StatementsBelow;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.MandateTerm;
import org.jspecify.annotations.Nullable;

/**
 * Rejections. A party whose right to a subject is evidenced rejects what another party states about it, or about what it
 * contains, without evidence.
 *
 * <p>The evidence is read before the entry is proposed, and not under the ledger's lock. If it ends in between, the
 * rejection has no effect, because each lookup asks for the evidence again.
 */
@ApplicationScoped
class Rejections {
    /** Number of days in which the respondent can show evidence. */
    static final int DAYS = 30;

    /** Number of subjects that one rejection names. A site or a prefix reaches any number of works. */
    static final int MAX_SUBJECTS = 100;

    static final int MAX_A_DAY = 2_000;

    /** Number of parties that one call rejects below a site or a prefix. */
    static final int MAX_RESPONDENTS = 50;

    /** Number of statements whose evidence is read at once. */
    private static final int TOGETHER = 500;

    private final Ledger ledger;
    private final LedgerStore entries;
    private final Disputes disputes;
    private final Rights rights;
    private final DeclarationHistory declarations;
    private final Listings listings;
    private final StatementsBelow below;
    private final Mandates mandates;
    private final Notices notices;
    private final IdSource ids;

    Rejections(
            Ledger ledger,
            LedgerStore entries,
            Disputes disputes,
            Rights rights,
            DeclarationHistory declarations,
            Listings listings,
            StatementsBelow below,
            Mandates mandates,
            Notices notices,
            IdSource ids) {
        this.ledger = ledger;
        this.entries = entries;
        this.disputes = disputes;
        this.rights = rights;
        this.declarations = declarations;
        this.listings = listings;
        this.below = below;
        this.mandates = mandates;
        this.notices = notices;
        this.ids = ids;
    }

    /** A rejection, and whether it was recorded just now. */
    record Rejection(Disputes.Dispute dispute, boolean fresh) {}

    /**
     * Records a rejection. The respondent gets its notice in the same transaction.
     *
     * @throws ProblemException {@link Problem#FORBIDDEN} if the right of the caller to a subject is not evidenced,
     *     {@link Problem#NOTHING_TO_CHANGE} if the right of the other party is, {@link Problem#TOO_MANY_REQUESTS} after
     *     too many in a day
     */
    Rejection reject(Caller caller, RejectionRequest request) throws SQLException {
        requireNotSuspended(caller);
        DeclarationState declaration = declarations
                .declaration(request.declaration())
                .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                        "/declaration", Reason.UNKNOWN_VALUE, "there is no such declaration"));
        if (declaration.party().equals(caller.party())) {
            throw Problem.INVALID_REQUEST.at(
                    "/declaration", Reason.OWN_PARTY, "this declaration is your own; withdraw it instead");
        }
        if (declaration.withdrawn()) {
            throw Problem.NOTHING_TO_CHANGE.because("The declaration is withdrawn");
        }
        List<Subject> subjects = chosen(caller, declaration, request.subjects());
        return recorded(
                declaration.party(),
                ledger.propose(proposal(caller, declaration.party(), declaration.id(), subjects, request.reason())));
    }

    private void requireNotSuspended(Caller caller) throws SQLException {
        if (rights.isSuspended(caller.party())) {
            throw Problem.FORBIDDEN.because("A suspended party cannot reject what others declare");
        }
    }

    private Proposal proposal(
            Caller caller,
            PartyId respondent,
            DeclarationId declaration,
            List<Subject> subjects,
            @Nullable String reason) {
        DisputeId id = new DisputeId(ids.next());
        return Proposal.confidential(
                reason == null ? null : Confidential.ofReason(reason),
                caller.authority(),
                commitment -> new DisputeEntry.Rejected(
                        id, caller.party(), respondent, declaration, subjects, DAYS, commitment));
    }

    private Rejection recorded(PartyId respondent, CompletionStage<Proposal.Outcome> proposed) throws SQLException {
        Proposal.Outcome outcome = Ledger.await(proposed);
        DisputeEntry.Rejected recorded = (DisputeEntry.Rejected)
                entries.at(List.of(outcome.position())).get(0).entry();
        Disputes.Dispute dispute = disputes.find(recorded.dispute().toString());
        if (outcome.fresh()) {
            notices.prune(respondent, Notices.Kind.REJECTED);
            tellMember(recorded.declaration(), dispute);
        }
        return new Rejection(dispute, outcome.fresh());
    }

    /** Tells the member for whom a society made the declaration. */
    private void tellMember(DeclarationId declaration, Disputes.Dispute rejection) throws SQLException {
        Optional<DeclarationState> cause = declarations.declaration(declaration);
        PartyId member = cause.isEmpty() ? null : rights.memberOf(cause.get());
        if (member != null && !rejection.concerns(member)) {
            notices.add(
                    member,
                    rejection.recordedAt(),
                    Notices.Kind.DISPUTE_CHANGED,
                    rejection.id().toString(),
                    rejection.endsAt());
        }
    }

    /**
     * The rejections of one call.
     *
     * @param read number of statements that the call read
     * @param next the cursor to continue from; null if everything below the subject was read
     */
    record Sweep(List<Disputes.Dispute> rejections, int read, StatementsBelow.@Nullable Cursor next) {}

    /**
     * Rejects every party that states something below a site or a prefix without evidence: at most {@value
     * #MAX_RESPONDENTS} of them in one call. Each respondent gets its notice in the transaction that rejects it. Parties
     * that the caller has rejected there, those against whose rejection the operator decided, and those that speak for
     * the caller are left out.
     *
     * @throws ProblemException {@link Problem#FORBIDDEN} if the right of the caller to the subject is not evidenced, {@link
     *     Problem#TOO_MANY_REQUESTS} after too many in a day; what was recorded before remains
     */
    Sweep rejectBelow(Caller caller, RejectionRequest.OfAll request) throws SQLException {
        requireNotSuspended(caller);
        Subject wide = request.subject();
        if (!rights.read(List.of(wide), List.of()).isOf(wide, caller.party())) {
            throw unevidenced("/subject");
        }
        StatementsBelow.Page page = below.find(wide, caller.party(), request.after());
        Set<PartyId> known = disputes.settledBy(
                caller.party(),
                wide,
                page.statements().stream().map(StatementsBelow.Below::party).collect(Collectors.toSet()));
        Map<PartyId, DeclarationId> chosen = new LinkedHashMap<>();
        StatementsBelow.Cursor next = page.next();
        List<StatementsBelow.Below> statements = page.statements();
        for (int from = 0; from < statements.size() && chosen.size() < MAX_RESPONDENTS; from += TOGETHER) {
            List<StatementsBelow.Below> some = statements.subList(from, Math.min(statements.size(), from + TOGETHER));
            for (StatementsBelow.Below unproved : unproved(caller, wide, some, known)) {
                chosen.putIfAbsent(unproved.party(), unproved.declaration());
                if (chosen.size() == MAX_RESPONDENTS) {
                    next = unproved.cursor();
                    break;
                }
            }
        }
        Map<PartyId, CompletionStage<Proposal.Outcome>> proposed = new LinkedHashMap<>();
        chosen.forEach((respondent, declaration) -> proposed.put(
                respondent,
                ledger.propose(proposal(caller, respondent, declaration, List.of(wide), request.reason()))));
        List<Disputes.Dispute> rejections = new ArrayList<>();
        for (Map.Entry<PartyId, CompletionStage<Proposal.Outcome>> one : proposed.entrySet()) {
            rejections.add(recorded(one.getKey(), one.getValue()).dispute());
        }
        return new Sweep(rejections, page.read(), next);
    }

    /** Returns the statements about what the subject contains for which their parties have no evidence. */
    private List<StatementsBelow.Below> unproved(
            Caller caller, Subject wide, List<StatementsBelow.Below> statements, Set<PartyId> known)
            throws SQLException {
        Map<StatementsBelow.Below, Subject> reached = new LinkedHashMap<>();
        for (StatementsBelow.Below one : statements) {
            Subject subject = Subject.ofStored(one.subject());
            if (!known.contains(one.party()) && isWithin(subject, wide)) {
                reached.put(one, subject);
            }
        }
        Map<MandateId, MandateTerm> terms = mandates.now(reached.keySet().stream()
                .map(StatementsBelow.Below::mandate)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        Rights.Evidence evidence = rights.read(new HashSet<>(reached.values()), List.of());
        List<StatementsBelow.Below> unproved = new ArrayList<>();
        reached.forEach((one, subject) -> {
            MandateTerm term = one.mandate() == null ? null : terms.get(one.mandate());
            PartyId member = term == null ? null : term.member();
            if (!caller.party().equals(member)
                    && !evidence.isOf(subject, one.party())
                    && !evidence.isOf(subject, member)) {
                unproved.add(one);
            }
        });
        return unproved;
    }

    /** Withdraws a rejection. */
    void withdraw(Caller caller, Disputes.Dispute rejection) {
        Ledger.await(ledger.propose(
                Proposal.of(new DisputeEntry.RejectionWithdrawn(rejection.id(), caller.party()), caller.authority())));
    }

    /** Returns the reason that the challenger gave; null if it gave none, or if it was erased. */
    @Nullable String reason(Disputes.Dispute rejection) throws SQLException {
        LedgerEntry entry = entries.at(List.of(rejection.position())).get(0);
        Confidential confidential = entry.confidential();
        return confidential == null ? null : confidential.reason();
    }

    /** Returns the subjects to reject, none of which shares a key with another one. */
    private List<Subject> chosen(Caller caller, DeclarationState declaration, List<Subject> named) throws SQLException {
        List<Subject> declared = declaration.content().subjects();
        boolean isList = declaration.content().repertoire() != null;
        if (isList && named.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/subjects", Reason.MISSING, "this is a list of works; name the listed works that you reject");
        }
        Set<Subject> read = new LinkedHashSet<>(declared);
        read.addAll(named);
        Rights.Evidence evidence = rights.read(read, List.of());
        PartyId member = rights.memberOf(declaration);
        List<Subject> unproved = (isList ? named : declared)
                .stream()
                        .filter(subject ->
                                !evidence.isOf(subject, declaration.party()) && !evidence.isOf(subject, member))
                        .toList();
        List<Subject> chosen = named;
        if (named.isEmpty()) {
            chosen = unproved.stream()
                    .filter(subject -> evidence.isOf(subject, caller.party()))
                    .toList();
            if (chosen.isEmpty() && declared.stream().noneMatch(subject -> evidence.isOf(subject, caller.party()))) {
                throw unevidenced("/declaration");
            }
        } else {
            requireReached(declaration, named, isList);
            for (int i = 0; i < named.size(); i++) {
                if (!evidence.isOf(named.get(i), caller.party())) {
                    throw unevidenced("/subjects/" + i);
                }
            }
            chosen = named.stream()
                    .filter(subject -> unproved.stream().anyMatch(one -> isWithin(one, subject)))
                    .toList();
        }
        List<Subject> distinct = withoutSharedKeys(chosen);
        if (distinct.isEmpty()) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The right of the other party is evidenced too, so its statement cannot be rejected;"
                            + " file a dispute (POST /v1/disputes)");
        }
        if (distinct.size() > MAX_SUBJECTS) {
            throw Problem.TOO_LARGE.because("A rejection names at most " + MAX_SUBJECTS
                    + " subjects; name a site or a prefix that you control, or some of the subjects");
        }
        return distinct;
    }

    private static ProblemException unevidenced(String pointer) {
        return Problem.FORBIDDEN.at(
                pointer,
                Reason.CONTROL_NOT_PROVED,
                "your right to this is not evidenced; prove control of it (POST /v1/parties/me/controls), or have a"
                        + " body or the operator record it");
    }

    /** Requires that each named subject is, or contains, one that the declaration is about. */
    private void requireReached(DeclarationState declaration, List<Subject> named, boolean isList) throws SQLException {
        Map<String, Long> listed = isList ? listings.now(declaration.id(), named) : Map.of();
        for (int i = 0; i < named.size(); i++) {
            Subject subject = named.get(i);
            boolean isReached = isList
                    ? listed.containsKey(subject.canonical())
                    : declaration.content().subjects().stream().anyMatch(declared -> isWithin(declared, subject));
            if (!isReached) {
                throw Problem.INVALID_REQUEST.at(
                        "/subjects/" + i, Reason.CONFLICT, "the declaration is not about this or anything below it");
            }
        }
    }

    /** Returns true if the subject is the other one, or if the other one contains it. */
    private static boolean isWithin(Subject subject, Subject other) {
        Expansion expansion = subject.expand();
        SubjectKey key = other.key();
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.key(i).equals(key) && expansion.contains(i, 0)) {
                return true;
            }
        }
        return false;
    }

    static List<Subject> withoutSharedKeys(Collection<Subject> subjects) {
        Set<SubjectKey> taken = new HashSet<>();
        List<Subject> distinct = new ArrayList<>();
        for (Subject subject : subjects) {
            List<SubjectKey> keys =
                    subject.indexedAs().stream().map(Subject::key).toList();
            if (keys.stream().noneMatch(taken::contains)) {
                taken.addAll(keys);
                distinct.add(subject);
            }
        }
        return distinct;
    }
}
