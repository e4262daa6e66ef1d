package org.askfirst.registry.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import org.askfirst.catalog.Catalog;
import org.askfirst.id.PartyId;
import org.askfirst.registry.grant.GrantRecords;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.operator.OperatorKeys;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.search.NameIndex;
import org.askfirst.registry.snapshot.SnapshotPublisher;
import org.askfirst.registry.transparency.LogCheck;
import org.askfirst.registry.transparency.LogMismatchException;

/**
 * The commands that run with the parts of the service and answer no requests: {@code verify}, {@code rebuild}, {@code
 * snapshot}, and those for the operator's keys. They print to standard output.
 */
@ApplicationScoped
class Commands {
    static final String REBUILD = "rebuild";
    static final String VERIFY = "verify";
    static final String KEYS = "operator-keys";
    static final String ADD_KEY = "add-operator-key";
    static final String REVOKE_KEY = "revoke-operator-key";
    static final String SNAPSHOT = "snapshot";

    /** The commands without an argument. */
    static final List<String> PLAIN = List.of(REBUILD, VERIFY, KEYS);

    /** The commands with the name of a key. */
    static final List<String> NAMING = List.of(ADD_KEY, REVOKE_KEY);

    private static final int MISMATCH = 3;
    private static final int REFUSED = 1;
    private static final int PROGRESS_INTERVAL = 100_000;

    private final ProjectionRebuild projections;
    private final LogCheck check;
    private final IndexFollower index;
    private final Parties parties;
    private final GrantRecords grants;
    private final OperatorKeys keys;
    private final NameIndex names;
    private final SnapshotPublisher snapshot;
    private final OpsConfig config;

    Commands(
            ProjectionRebuild projections,
            LogCheck check,
            IndexFollower index,
            Parties parties,
            GrantRecords grants,
            OperatorKeys keys,
            NameIndex names,
            SnapshotPublisher snapshot,
            OpsConfig config) {
        this.snapshot = snapshot;
        this.keys = keys;
        this.names = names;
        this.config = config;
        this.index = index;
        this.projections = projections;
        this.check = check;
        this.parties = parties;
        this.grants = grants;
    }

    /**
     * Runs a command and returns the exit status: 0; {@value #MISMATCH} if something does not match; {@value #REFUSED}
     * if a key cannot be added or revoked.
     */
    int run(String... arguments) throws SQLException {
        return switch (arguments[0]) {
            case REBUILD -> rebuild();
            case VERIFY -> verify();
            case ADD_KEY -> addKey(arguments[1]);
            case REVOKE_KEY -> revokeKey(arguments[1]);
            case SNAPSHOT -> snapshot(Path.of(arguments[1]));
            default -> listKeys();
        };
    }

    private int snapshot(Path folder) throws SQLException {
        try {
            Catalog catalog = snapshot.publishTo(folder);
            print("The snapshot in " + folder.toAbsolutePath() + " equals the ledger at position " + catalog.position()
                    + ". Clients may use it until " + catalog.expiresAt() + ".");
            return 0;
        } catch (IOException failure) {
            return refuse("The snapshot cannot be written: " + failure.getMessage());
        }
    }

    private int listKeys() {
        keys.all().forEach(key -> print(key.name() + "  created " + key.createdAt()));
        return 0;
    }

    private int addKey(String name) {
        Path file = config.keyFile().toAbsolutePath().resolveSibling("operator-" + name + ".key");
        try {
            if (!keys.add(name, file)) {
                return refuse("There is an operator's key with the name " + name
                        + " already. Choose another name, or revoke that key first.");
            }
        } catch (UncheckedIOException failure) {
            return refuse(String.valueOf(failure.getMessage()));
        }
        print("The key " + name + " is in " + file + ". Give the file to its holder, and delete it here.");
        return 0;
    }

    private int revokeKey(String name) {
        try {
            if (!keys.revoke(name)) {
                return refuse("This is the last operator's key. Add another one first.");
            }
        } catch (NoSuchElementException none) {
            return refuse("There is no operator's key with the name " + name + ".");
        }
        print("The key " + name + " is revoked.");
        return 0;
    }

    private static int refuse(String text) {
        System.err.println(text);
        return REFUSED;
    }

    private int rebuild() throws SQLException {
        print("Folding the whole ledger again; other users of the database wait.");
        Progress progress = new Progress("folded");
        projections.rebuild(progress);
        index.rebuild();
        names.rebuild(new Progress("read names"));
        print("Rebuilt all projections from " + progress.reached + " entries.");
        return 0;
    }

    private int verify() throws SQLException {
        try {
            print("Recomputing the log from every entry.");
            LogCheck.Checked log = check.whole(new Progress("hashed"));
            print("  log          " + log.origin());
            print("  entries      " + log.entries() + ", none is missing, each equals its hash");
            print("  checkpoint   covers " + log.signed() + " of them, signed with the log's key, root " + log.root());
            print("  hashes       " + log.hashes() + " stored, each equals the hash of the entries below it");
            print("  commitments  " + log.commitments() + ", each matches the confidential part of its entry");
        } catch (LogMismatchException mismatch) {
            return fail(String.valueOf(mismatch.getMessage()));
        }
        print("Folding the whole ledger again, to compare with the projections.");
        Map<String, Long> differing = new LinkedHashMap<>(projections.differences(new Progress("folded")));
        differing.values().removeIf(rows -> rows == 0);
        if (!differing.isEmpty()) {
            return fail("the projections do not equal the folded entries; rows that differ: " + differing
                    + ". The command rebuild repairs them");
        }
        print("  projections  equal to the folded entries");
        long names = this.names.differences(new Progress("read names"));
        if (names > 0) {
            return fail("the names for searches do not equal those of the entries; rows that differ: " + names
                    + ". The command rebuild repairs them");
        }
        print("  search       equal to the names in the entries");
        List<PartyId> misdescribed = parties.misdescribed();
        if (!misdescribed.isEmpty()) {
            return fail("the name or the contact of these parties differs from the entry that records it: "
                    + misdescribed + ". Somebody changed the tables; docs/operations.md describes what to do");
        }
        print("  parties      each name and contact equals the entry that records it");
        GrantRecords.Compared compared = grants.compare();
        if (!compared.differing().isEmpty()) {
            return fail("the licensee, the works or the terms of these grants differ from the commitments of their"
                    + " entries: " + compared.differing()
                    + ". Somebody changed the tables; docs/operations.md describes what to do");
        }
        print("  grants       " + compared.compared() + ", each equals the commitments of its entry");
        print("Everything matches.");
        return 0;
    }

    private static int fail(String text) {
        System.err.println("MISMATCH: " + text);
        return MISMATCH;
    }

    private static void print(String text) {
        System.out.println(text);
    }

    /** Prints the progress every 100,000 positions. */
    private static final class Progress implements LongConsumer {
        private final String verb;
        private long reached;
        private long printed;

        Progress(String verb) {
            this.verb = verb;
        }

        @Override
        public void accept(long position) {
            reached = position;
            if (position >= printed + PROGRESS_INTERVAL) {
                printed = position;
                print("  … " + verb + " up to position " + position);
            }
        }
    }
}
