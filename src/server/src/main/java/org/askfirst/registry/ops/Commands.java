package org.askfirst.registry.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.transparency.LogCheck;
import org.askfirst.registry.transparency.LogMismatchException;

/** The commands {@code verify} and {@code rebuild}, which run instead of the service. They print to standard output. */
@ApplicationScoped
class Commands {
    static final String REBUILD = "rebuild";
    static final String VERIFY = "verify";
    static final List<String> ALL = List.of(REBUILD, VERIFY);

    private static final int MISMATCH = 3;
    private static final int PROGRESS_INTERVAL = 100_000;

    private final ProjectionRebuild projections;
    private final LogCheck check;

    Commands(ProjectionRebuild projections, LogCheck check) {
        this.projections = projections;
        this.check = check;
    }

    /**
     * Runs a command of {@link #ALL} and returns the exit status: 0, or {@value #MISMATCH} if something does not match.
     */
    int run(String command) throws SQLException {
        return command.equals(REBUILD) ? rebuild() : verify();
    }

    private int rebuild() throws SQLException {
        print("Folding the whole ledger again; other users of the database wait.");
        Progress progress = new Progress("folded");
        projections.rebuild(progress);
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
