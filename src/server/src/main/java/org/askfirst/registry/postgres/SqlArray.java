package org.askfirst.registry.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Stream;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Creates SQL arrays, one for each column, so that one statement can write or select many rows.
 *
 * <p>The driver sends arrays of the types that it knows in binary, which costs much less than arrays of objects.
 */
public final class SqlArray {
    private SqlArray() {}

    /** Returns a {@code bytea[]}. */
    public static Array bytes(Connection connection, Stream<byte[]> values) throws SQLException {
        return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
    }

    /** Returns a {@code bytea[]} of subject keys. */
    public static Array keys(Connection connection, Collection<SubjectKey> keys) throws SQLException {
        return bytes(connection, keys.stream().map(SubjectKey::toBytes));
    }

    /** Returns a {@code bigint[]}. */
    public static Array longs(Connection connection, Stream<Long> values) throws SQLException {
        return connection.createArrayOf("bigint", values.toArray(Long[]::new));
    }

    /** Returns a {@code uuid[]}. */
    public static Array ids(Connection connection, Stream<UUID> values) throws SQLException {
        return connection.createArrayOf("uuid", values.toArray());
    }

    /** Returns a {@code text[]}. */
    public static Array texts(Connection connection, Stream<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray(String[]::new));
    }

    /** Returns an array of another type; its values must be of a type that the driver accepts for it. */
    public static Array of(Connection connection, String type, Collection<? extends @Nullable Object> values)
            throws SQLException {
        @Nullable Object[] array = switch (type) {
            case "integer" -> new Integer[0];
            case "bigint" -> new Long[0];
            case "boolean" -> new Boolean[0];
            case "text" -> new String[0];
            default -> new Object[0];
        };
        return connection.createArrayOf(type, values.toArray(array));
    }
}
