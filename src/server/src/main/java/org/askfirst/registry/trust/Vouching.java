package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;

/**
 * The acts of a vouching body and of its members. The body offers to confirm who a member is, and the member accepts. It
 * also confirms which subjects parties control.
 */
@ApplicationScoped
public class Vouching {
    private final Memberships memberships;
    private final Ledger ledger;
    private final Parties parties;
    private final Notices notices;
    private final Clock clock;

    Vouching(Memberships memberships, Ledger ledger, Parties parties, Notices notices, Clock clock) {
        this.memberships = memberships;
        this.ledger = ledger;
        this.parties = parties;
        this.notices = notices;
        this.clock = clock;
    }

    /** Offers to vouch for the party. Nothing counts until the party accepts. */
    Proposal.Outcome offer(Caller body, PartyId member) throws SQLException {
        if (parties.find(member).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Instant now = clock.instant();
        Proposal.Outcome outcome = propose(body, VouchingStep.OFFERED, body.party(), member, false);
        if (outcome.fresh()) {
            notices.addFrom(
                    body.party(),
                    member,
                    now,
                    Notices.Kind.VOUCHING_OFFERED,
                    body.party().toString(),
                    now.plus(Membership.OFFER_PERIOD));
        }
        return outcome;
    }

    /** Records that the body takes back its offer, or no longer vouches for the member. */
    void end(Caller body, PartyId member) throws SQLException {
        boolean inForce = memberships
                .find(body.party(), member)
                .filter(Membership::isInForce)
                .isPresent();
        propose(body, VouchingStep.UNVOUCHED, body.party(), member, false);
        if (inForce) {
            notices.add(
                    member,
                    clock.instant(),
                    Notices.Kind.VOUCHING_ENDED,
                    body.party().toString(),
                    null);
        }
    }

    /**
     * Accepts the offer of a body to vouch for the caller. To accept again changes the consent to recoveries.
     *
     * @param mayRecover true if the body may confirm a recovery of the caller's lost keys
     */
    Membership accept(Caller member, PartyId body, boolean mayRecover) throws SQLException {
        Proposal.Outcome outcome = propose(member, VouchingStep.ACCEPTED, body, member.party(), mayRecover);
        if (outcome.fresh()) {
            notify(member, body, Notices.Kind.VOUCHING_ACCEPTED);
        }
        return memberships
                .find(body, member.party())
                .orElseThrow(() -> Problem.NOTHING_TO_CHANGE.because("The vouching has ended meanwhile"));
    }

    /** Declines the offer of a body, or ends its vouching for the caller. */
    void leave(Caller member, PartyId body) throws SQLException {
        VouchingStep step = VouchingDecisions.refusal(memberships.find(body, member.party()));
        propose(member, step, body, member.party(), false);
        notify(member, body, step == VouchingStep.LEFT ? Notices.Kind.VOUCHING_LEFT : Notices.Kind.VOUCHING_DECLINED);
    }

    private void notify(Caller member, PartyId body, Notices.Kind kind) throws SQLException {
        notices.add(body, clock.instant(), kind, member.party().toString(), null);
    }

    /** Returns the views of the offers to the member, and of the bodies that vouch for it. */
    public List<MembershipResource.MembershipView> views(PartyId member) throws SQLException {
        List<Membership> own = memberships.of(member);
        Map<PartyId, Parties.Face> faces =
                parties.faces(own.stream().map(Membership::body).toList());
        return own.stream()
                .map(membership -> MembershipResource.MembershipView.of(membership, faces))
                .toList();
    }

    /** Returns the bodies that vouch for the member now. */
    public List<MembershipResource.MembershipView> inForce(PartyId member) throws SQLException {
        List<Membership> own =
                memberships.of(member).stream().filter(Membership::isInForce).toList();
        Map<PartyId, Parties.Face> faces =
                parties.faces(own.stream().map(Membership::body).toList());
        return own.stream()
                .map(membership -> MembershipResource.MembershipView.of(membership, faces))
                .toList();
    }

    private Proposal.Outcome propose(
            Caller caller, VouchingStep step, PartyId body, PartyId member, boolean mayRecover) {
        Entry entry = new TrustEntry.VouchingChanged(step, body, member, mayRecover);
        return Ledger.await(ledger.propose(Proposal.of(entry, caller.authority())));
    }

    /** Records, on the word of the vouching body, that the party controls the subject. */
    public Proposal.Outcome recordControl(Caller body, PartyId party, Subject subject, String reason) {
        if (parties.find(party).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Confidential confidential = Confidential.ofReason(reason);
        return Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                body.authority(),
                commitment -> new ControlEntry.ControlProved(
                        party, subject, ControlMethod.VOUCHING_BODY, body.party(), commitment))));
    }
}
