package org.askfirst.registry.succession;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Entry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyRow;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** The successors of parties: a party names its successor, and the operator transfers the account. */
@ApplicationScoped
public class Successions {
    private static final int SHOWN = 1000;

    private final DataSource dataSource;
    private final Ledger ledger;
    private final Parties parties;
    private final Notices notices;
    private final Clock clock;

    Successions(DataSource dataSource, Ledger ledger, Parties parties, Notices notices, Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.parties = parties;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Sets the successor of the caller.
     *
     * @param successor null to clear it
     */
    void setSuccessor(Caller caller, @Nullable PartyId successor) throws SQLException {
        if (successor != null && parties.find(successor).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Entry entry = new AccountEntry.SuccessorNamed(caller.party(), successor);
        Ledger.await(ledger.propose(Proposal.of(entry, caller.authority())));
        if (successor != null) {
            notices.addFrom(
                    caller.party(),
                    successor,
                    clock.instant(),
                    Notices.Kind.SUCCESSOR_NAMED,
                    caller.party().toString());
        }
    }

    /** Adds notices to both accounts that the party's account was transferred to the successor. */
    public void notifyBoth(PartyId party, PartyId successor) throws SQLException {
        notices.add(party, clock.instant(), Notices.Kind.TRANSFERRED, successor.toString(), null);
        notices.add(successor, clock.instant(), Notices.Kind.SUCCEEDED, party.toString(), null);
    }

    /** Returns the successor that the party has named. */
    public Optional<PartyId> of(PartyId party) throws SQLException {
        return ids("select successor from party_successor where party = ?", party).stream()
                .findFirst();
    }

    /** Returns the parties whose accounts were transferred to the successor, at most 1,000. */
    public List<PartyId> transferredTo(PartyId successor) throws SQLException {
        return ids(
                "select party from party_successor where successor = ? and succeeded is not null"
                        + " order by succeeded limit " + SHOWN,
                successor);
    }

    /**
     * Creates a key for an account that was transferred to the caller.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if the account was not
     */
    Map.Entry<ApiKey, KeyRow> makeKey(Caller caller, String party) throws SQLException {
        Optional<PartyId> predecessor = PartyId.parse(party);
        if (predecessor.isEmpty() || !transferredTo(caller.party()).contains(predecessor.get())) {
            throw Problem.NOT_FOUND.because("This account was not transferred to this party");
        }
        return parties.addKey(predecessor.get(), PartyViews.KeyRequest.FULL);
    }

    private List<PartyId> ids(String sql, PartyId party) throws SQLException {
        List<PartyId> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(new PartyId(row.getObject(1, UUID.class)));
                }
            }
        }
        return ids;
    }
}
