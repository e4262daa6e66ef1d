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
import org.jspecify.annotations.Nullable;

/** Who has a party's account after it: named by the party itself, handed over by the operator. */
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

    /** Names the successor; null takes back the name. */
    void name(Caller caller, @Nullable PartyId successor) throws SQLException {
        if (successor != null && parties.find(successor).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Entry entry = new AccountEntry.SuccessorNamed(caller.party(), successor);
        Ledger.await(ledger.propose(Proposal.of(entry, caller.authority())));
        if (successor != null) {
            tell(successor, Notices.Kind.SUCCESSOR_NAMED, caller.party());
        }
    }

    private void tell(PartyId whom, Notices.Kind kind, PartyId about) throws SQLException {
        notices.tell(whom, clock.instant(), kind, about.toString(), null);
    }

    /** Tells the successor that the account is its. */
    public void handedOver(PartyId party, PartyId successor) throws SQLException {
        tell(successor, Notices.Kind.SUCCEEDED, party);
    }

    /** Whom the party named. */
    public Optional<PartyId> of(PartyId party) throws SQLException {
        return ids("select successor from party_successor where party = ?", party).stream()
                .findFirst();
    }

    /** Whose accounts were handed over to that party. */
    public List<PartyId> succeededBy(PartyId successor) throws SQLException {
        return ids(
                "select party from party_successor where successor = ? and succeeded is not null"
                        + " order by succeeded limit " + SHOWN,
                successor);
    }

    /** Makes a key for an account that was handed over to the caller. */
    Map.Entry<ApiKey, KeyRow> makeKey(Caller caller, String party) throws SQLException {
        Optional<PartyId> predecessor = PartyId.parse(party);
        if (predecessor.isEmpty() || !succeededBy(caller.party()).contains(predecessor.get())) {
            throw Problem.NOT_FOUND.because("No such account was handed over to this party");
        }
        return parties.addKey(predecessor.get());
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
