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
 * Rows and keys as arrays, one for each column: how many rows go in or are asked for in one statement.
 *
 * <p>Arrays of a type that the driver knows go out in binary, at a fraction of the cost of arrays of objects.
 */
public final class SqlArray {
    private SqlArray() {}

    /** {@code bytea[]}. */
    public static Array bytes(Connection connection, Stream<byte[]> values) throws SQLException {
        return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
    }

    /** {@code bytea[]} of keys. */
    public static Array keys(Connection connection, Collection<SubjectKey> keys) throws SQLException {
        return bytes(connection, keys.stream().map(SubjectKey::toBytes));
    }

    /** {@code bigint[]}. */
    public static Array longs(Connection connection, Stream<Long> values) throws SQLException {
        return connection.createArrayOf("bigint", values.toArray(Long[]::new));
    }

    /** {@code uuid[]}. */
    public static Array ids(Connection connection, Stream<UUID> values) throws SQLException {
        return connection.createArrayOf("uuid", values.toArray());
    }

    /** {@code text[]}. */
    public static Array texts(Connection connection, Stream<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray(String[]::new));
    }

    /** An array of a type that has no method here; its values as the driver takes them. */
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
