package org.askfirst.registry.statement;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Finds declarations and their subjects by the numbers under which lookups are counted. */
public final class DeclaredWorks {
    /** A query for the numbers of all declarations of a party. Its only parameter is the number of the party. */
    public static final String OF_PARTY = "select id from standing_declaration where party = ?";

    private static final int ALL_BITS = 0xFF;

    private DeclaredWorks() {}

    /**
     * The party that made a declaration, and the mandate under which it did.
     *
     * @param mandate null if it speaks for itself
     */
    public record Declarer(PartyId party, @Nullable MandateId mandate) {}

    /** Returns the declarers of the declarations. Declarations that do not exist are left out. */
    public static Map<DeclarationId, Declarer> declarers(Connection connection, Collection<DeclarationId> declarations)
            throws SQLException {
        Map<DeclarationId, Declarer> declarers = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id, party, mandate from standing_declaration where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, declarations.stream().map(DeclarationId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID mandate = row.getObject(3, UUID.class);
                    declarers.put(
                            new DeclarationId(row.getObject(1, UUID.class)),
                            new Declarer(
                                    new PartyId(row.getObject(2, UUID.class)),
                                    mandate == null ? null : new MandateId(mandate)));
                }
            }
        }
        return declarers;
    }

    /**
     * A work of a declaration.
     *
     * @param work the first 63 bits of one of its keys; the last bit has no meaning
     */
    public record Work(DeclarationId declaration, long work) {}

    /**
     * Returns the declared or listed subjects with these keys, in any version of their declarations. Works that no
     * declaration names any more are there, too.
     */
    public static Map<Work, String> subjects(Connection connection, Collection<Work> works) throws SQLException {
        Map<Work, String> subjects = new HashMap<>();
        if (works.isEmpty()) {
            return subjects;
        }
        List<Work> asked = new ArrayList<>(works);
        String found = "(select subject from %s where key between w.low and w.high and declaration = w.declaration"
                + " limit 1)";
        try (PreparedStatement select = connection.prepareStatement("select w.place, coalesce("
                + String.format(found, "standing_statement") + ", " + String.format(found, "standing_listing") + ")"
                + " from unnest(?::uuid[], ?::bytea[], ?::bytea[]) with ordinality as w (declaration, low, high,"
                + " place)")) {
            select.setArray(1, SqlArray.ids(connection, asked.stream().map(one -> one.declaration.number())));
            select.setArray(2, SqlArray.bytes(connection, asked.stream().map(one -> bound(one.work & ~1, 0))));
            select.setArray(3, SqlArray.bytes(connection, asked.stream().map(one -> bound(one.work | 1, ALL_BITS))));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String subject = row.getString(2);
                    if (subject != null) {
                        subjects.put(asked.get((int) row.getLong(1) - 1), subject);
                    }
                }
            }
        }
        return subjects;
    }

    private static byte[] bound(long prefix, int fill) {
        byte[] key = new byte[SubjectKey.BYTES];
        Arrays.fill(key, (byte) fill);
        ByteBuffer.wrap(key).putLong(prefix);
        return key;
    }

    /** Returns the positions of the entries of a declaration, in order. */
    public static List<Long> positions(Connection connection, DeclarationId declaration) throws SQLException {
        return StatementStore.history(connection, List.of(declaration.number()))
                .getOrDefault(declaration.number(), List.of());
    }
}
