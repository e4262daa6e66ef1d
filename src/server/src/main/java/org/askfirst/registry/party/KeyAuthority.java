package org.askfirst.registry.party;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.entry.Submitter;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlArray;
import org.jspecify.annotations.Nullable;

/**
 * Decides under the ledger's lock which key may submit which entry. The key, or the session, must be valid at this
 * moment, and the kind of entry must name its holder as a submitter ({@link Entry#submitters}).
 */
@ApplicationScoped
class KeyAuthority implements ActRule {
    private final Clock clock;

    KeyAuthority(Clock clock) {
        this.clock = clock;
    }

    /**
     * The holder of a valid key.
     *
     * @param party null if the holder is the operator or the registry
     * @param closing true if the party asked to be closed
     */
    private record Holder(Submitter as, @Nullable PartyId party, boolean closing) {
        static final Holder OPERATOR = new Holder(Submitter.OPERATOR, null, false);
        static final Holder REGISTRY = new Holder(Submitter.REGISTRY, null, false);

        boolean maySubmit(Entry entry) {
            return entry.submitters().stream().anyMatch(submitter -> matches(submitter, entry));
        }

        private boolean matches(Submitter submitter, Entry entry) {
            return switch (submitter) {
                case OWN_KEY -> entry.party().equals(party);
                case VOUCHING_BODY, ARBITER -> party != null && party.equals(entry.by());
                case OPERATOR, REGISTRY -> as == submitter;
            };
        }
    }

    @Override
    public Stage stage() {
        return Stage.KEYS;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        Map<Authority, Holder> holders = holders(connection, open);
        for (Proposal proposal : open) {
            Holder holder = holders.get(proposal.authority());
            if (holder == null) {
                proposal.refuse(Parties.unknownKey());
            } else if (holder.closing() && !isObjection(proposal.entry())) {
                proposal.refuse(Parties.closing());
            } else if (holder.maySubmit(proposal.entry())) {
                proposal.permit();
            } else {
                proposal.refuse(Problem.FORBIDDEN.because("This key is not allowed to do this"));
            }
        }
    }

    /** A party that is being closed must still be able to keep strangers out of its account. */
    private static boolean isObjection(Entry entry) {
        return entry instanceof AccountEntry.RecoveryChanged changed && changed.step() == RecoveryStep.STOPPED;
    }

    private Map<Authority, Holder> holders(Connection connection, List<Proposal> open) throws SQLException {
        Set<Authority> authorities = new HashSet<>();
        open.forEach(proposal -> authorities.add(proposal.authority()));
        List<byte[]> hashes = authorities.stream().map(Authority::keyHash).toList();
        Map<Authority, Holder> holders = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select k.hash, k.party, c.party is not null from party_key k"
                        + " left join party_closing c on c.party = k.party"
                        + " where k.hash = any(?) and k.revoked_at is null"
                        + " and (k.expires_at is null or k.expires_at > ?)"
                        + " union all select hash, null, false from party_operator_key"
                        + " where hash = any(?) and revoked_at is null"
                        + " union all select s.hash, s.party, c.party is not null from party_session s"
                        + " left join party_closing c on c.party = s.party where s.hash = any(?) and "
                        + Sessions.VALID)) {
            select.setArray(1, SqlArray.bytes(connection, hashes.stream()));
            select.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            select.setArray(3, SqlArray.bytes(connection, hashes.stream()));
            select.setArray(4, SqlArray.bytes(connection, hashes.stream()));
            select.setObject(5, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID party = row.getObject(2, UUID.class);
                    holders.put(
                            Authority.of(row.getBytes(1)),
                            party == null
                                    ? Holder.OPERATOR
                                    : new Holder(Submitter.OWN_KEY, new PartyId(party), row.getBoolean(3)));
                }
            }
        }
        // The registry has no key, so no row in the tables represents it.
        holders.put(Authority.REGISTRY, Holder.REGISTRY);
        return holders;
    }
}
