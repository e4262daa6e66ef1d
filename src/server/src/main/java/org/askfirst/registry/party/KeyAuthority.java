package org.askfirst.registry.party;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Submitter;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlArray;
import org.jspecify.annotations.Nullable;

/**
 * Decides under the ledger's lock which key may submit which entry. The key must be valid at this moment, and the kind
 * of entry must name its holder as a submitter ({@link Entry#submitters}).
 */
@ApplicationScoped
class KeyAuthority implements ActRule {
    /**
     * The holder of a valid key.
     *
     * @param party null if the holder is the operator or the registry
     */
    private record Holder(Submitter as, @Nullable PartyId party) {
        static final Holder OPERATOR = new Holder(Submitter.OPERATOR, null);
        static final Holder REGISTRY = new Holder(Submitter.REGISTRY, null);

        boolean maySubmit(Entry entry) {
            return entry.submitters().stream().anyMatch(submitter -> matches(submitter, entry));
        }

        private boolean matches(Submitter submitter, Entry entry) {
            return switch (submitter) {
                case OWN_KEY -> entry.party().equals(party);
                case VOUCHING_BODY -> party != null && party.equals(entry.by());
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
            } else if (holder.maySubmit(proposal.entry())) {
                proposal.permit();
            } else {
                proposal.refuse(Problem.FORBIDDEN.because("This key is not allowed to do this"));
            }
        }
    }

    private static Map<Authority, Holder> holders(Connection connection, List<Proposal> open) throws SQLException {
        Set<Authority> authorities = new HashSet<>();
        open.forEach(proposal -> authorities.add(proposal.authority()));
        List<byte[]> hashes = authorities.stream().map(Authority::keyHash).toList();
        Map<Authority, Holder> holders = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select hash, party from party_key where hash = any(?) and revoked_at is null"
                        + " union all select hash, null from party_operator_key"
                        + " where hash = any(?) and revoked_at is null")) {
            select.setArray(1, SqlArray.bytes(connection, hashes.stream()));
            select.setArray(2, SqlArray.bytes(connection, hashes.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID party = row.getObject(2, UUID.class);
                    holders.put(
                            Authority.of(row.getBytes(1)),
                            party == null ? Holder.OPERATOR : new Holder(Submitter.OWN_KEY, new PartyId(party)));
                }
            }
        }
        // The registry has no key, so no row in the tables represents it.
        holders.put(Authority.REGISTRY, Holder.REGISTRY);
        return holders;
    }
}
