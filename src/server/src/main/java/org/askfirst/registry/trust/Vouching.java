package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Positions;
import org.askfirst.entry.TrustEntry;
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

/** The acts of a vouching body for its members: it confirms who they are and which subjects they control. */
@ApplicationScoped
public class Vouching {
    private final DataSource dataSource;
    private final Ledger ledger;
    private final Parties parties;
    private final Notices notices;
    private final Clock clock;

    Vouching(DataSource dataSource, Ledger ledger, Parties parties, Notices notices, Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.parties = parties;
        this.notices = notices;
        this.clock = clock;
    }

    /** A member, with the position of the entry by which the body vouches for it. */
    record Member(PartyId party, long position) {}

    /** Records that the body vouches for the party. */
    Proposal.Outcome vouch(Caller body, PartyId member) throws SQLException {
        if (parties.find(member).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Proposal.Outcome outcome = propose(body, new TrustEntry.MemberVouched(false, body.party(), member));
        if (outcome.fresh()) {
            notices.add(
                    member, clock.instant(), Notices.Kind.VOUCHED, body.party().toString(), null);
        }
        return outcome;
    }

    /** Records that the body no longer vouches for the member. */
    void stop(Caller body, PartyId member) {
        propose(body, new TrustEntry.MemberVouched(true, body.party(), member));
    }

    private Proposal.Outcome propose(Caller body, Entry entry) {
        return Ledger.await(ledger.propose(Proposal.of(entry, body.authority())));
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

    /** Returns the members for whom the body vouches since a later position than {@code after}, in that order. */
    List<Member> members(PartyId body, long after, int limit) throws SQLException {
        List<Member> members = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select member, position from party_vouch where body = ? and position > ?"
                                + " and until_position = " + Positions.NO_END
                                + " order by position limit ?")) {
            select.setObject(1, body.number());
            select.setLong(2, after);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    members.add(new Member(new PartyId(row.getObject(1, UUID.class)), row.getLong(2)));
                }
            }
        }
        return members;
    }
}
