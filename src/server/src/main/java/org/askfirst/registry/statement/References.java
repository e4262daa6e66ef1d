package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.ReferenceStore;
import org.askfirst.registry.postgres.SqlArray;

/**
 * The parties' own strings for their declarations. Only the party sees them.
 *
 * <p>They are outside the ledger. A commitment to them would prove nothing that anybody else may know, two declarations
 * that differ only in it would no longer be recognised as the same, and a party could not change it without an entry.
 */
@ApplicationScoped
public class References implements ReferenceStore {
    private final DataSource dataSource;
    private final LedgerStore ledger;

    References(DataSource dataSource, LedgerStore ledger) {
        this.dataSource = dataSource;
        this.ledger = ledger;
    }

    @Override
    public void store(Connection connection, Map<Long, String> references) throws SQLException {
        // One declaration may have two positions here: its first entry is repeated, and it is amended.
        Map<UUID, String> byDeclaration = new HashMap<>();
        for (LedgerEntry entry : ledger.at(connection, references.keySet())) {
            if (entry.entry() instanceof DeclarationEntry declared) {
                byDeclaration.put(declared.declaration().number(), references.get(entry.position()));
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into statement_reference"
                + " (declaration, party, declared_at, reference) select d.id, d.party, d.declared_at, n.reference"
                + " from unnest(?::uuid[], ?::text[]) as n (id, reference) join standing_declaration d using (id)"
                + " on conflict (declaration) do update set reference = excluded.reference")) {
            insert.setArray(1, SqlArray.ids(connection, byDeclaration.keySet().stream()));
            insert.setArray(2, SqlArray.texts(connection, byDeclaration.values().stream()));
            insert.executeUpdate();
        }
    }

    /** Deletes all references of a party. */
    static void erase(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from statement_reference where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
    }

    /** Returns the references that the party gave to those of the declarations that are its own. */
    public Map<DeclarationId, String> of(PartyId party, Collection<DeclarationId> declarations) throws SQLException {
        Map<DeclarationId, String> references = new HashMap<>();
        if (declarations.isEmpty()) {
            return references;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select declaration, reference"
                        + " from statement_reference where declaration = any(?) and party = ?")) {
            select.setArray(1, SqlArray.ids(connection, declarations.stream().map(DeclarationId::number)));
            select.setObject(2, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    references.put(new DeclarationId(row.getObject(1, UUID.class)), row.getString(2));
                }
            }
        }
        return references;
    }
}
