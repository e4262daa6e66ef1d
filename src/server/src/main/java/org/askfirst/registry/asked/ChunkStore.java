package org.askfirst.registry.asked;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** Stores chunks. */
@ApplicationScoped
class ChunkStore {
    private final DataSource dataSource;

    ChunkStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Stores the chunk durably. A chunk that was stored before, also without our knowledge, is not stored again. */
    void store(Chunk chunk) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into asked_chunk"
                        + " (node, sequence, day, since, until, cells, sketch, uncounted)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (node, sequence) do nothing")) {
            insert.setObject(1, chunk.node());
            insert.setLong(2, chunk.sequence());
            insert.setObject(3, chunk.day());
            insert.setObject(4, chunk.since().atOffset(ZoneOffset.UTC));
            insert.setObject(5, chunk.until().atOffset(ZoneOffset.UTC));
            insert.setBytes(6, chunk.cells().array());
            insert.setString(7, chunk.sketch());
            insert.setLong(8, chunk.uncounted());
            insert.executeUpdate();
        }
    }

    /** Returns the bytes of the chunks that wait to be added up. */
    long backlog() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select coalesce(sum(octet_length(cells) - folded), 0) from asked_chunk where done_at is null");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Returns the moment until which stored lookups are in the answers.
     *
     * @param otherwise returned if no chunk waits to be added up
     */
    Instant countedUntil(Instant otherwise) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select min(since) from asked_chunk where done_at is null");
                ResultSet row = select.executeQuery()) {
            row.next();
            OffsetDateTime since = row.getObject(1, OffsetDateTime.class);
            return since == null || since.toInstant().isAfter(otherwise) ? otherwise : since.toInstant();
        }
    }
}
