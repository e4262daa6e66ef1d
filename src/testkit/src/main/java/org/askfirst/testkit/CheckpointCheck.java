package org.askfirst.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Tile;

/** Checks the signed checkpoint and the stored hashes against the leaves of the entries. */
final class CheckpointCheck {
    private CheckpointCheck() {}

    /** The checkpoint signs the beginning of these very entries, and the stored hashes lead there. */
    static void check(LedgerSnapshot snapshot, List<Hash> leaves) throws SQLException {
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select size, frontier, checkpoint from transparency_log")) {
            assertTrue(row.next(), "there is no log");
            int size = (int) row.getLong(1);
            assertTrue(size <= leaves.size(), "more is signed than is recorded");
            Map<String, String> subtrees = new TreeMap<>();
            Frontier frontier = Frontier.empty().append(leaves.subList(0, size), (subtree, hash) -> {
                if (subtree.level() == Tile.HEIGHT) {
                    subtrees.put(subtree.level() + " " + subtree.index(), hash.hex());
                }
            });
            Checkpoint checkpoint =
                    Checkpoint.parse(SignedNote.parse(row.getString(3)).text());
            assertEquals(size, checkpoint.size(), "size of the checkpoint");
            assertEquals(frontier.root(), checkpoint.root(), "root of the checkpoint");
            assertEquals(frontier, Frontier.parse(row.getBytes(2)), "stored frontier");
            snapshot.compare(
                    "transparency_subtree",
                    subtrees.entrySet().stream()
                            .map(one -> one.getKey() + " " + one.getValue())
                            .collect(java.util.stream.Collectors.toSet()),
                    "select concat_ws(' ', level, idx, encode(hash, 'hex')) from transparency_subtree where level = "
                            + Tile.HEIGHT);
        } catch (MalformedException malformed) {
            throw new AssertionError("the log cannot be read", malformed);
        }
    }
}
