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

/** What the program does instead of serving, if its first argument says so; it tells on standard output. */
@ApplicationScoped
class Commands {
    static final String REBUILD = "rebuild";
    static final String VERIFY = "verify";
    static final List<String> ALL = List.of(REBUILD, VERIFY);

    private static final int MISMATCH = 3;
    private static final int TELL_EVERY = 100_000;

    private final ProjectionRebuild projections;
    private final LogCheck check;

    Commands(ProjectionRebuild projections, LogCheck check) {
        this.projections = projections;
        this.check = check;
    }

    /** The exit status. */
    int run(String command) throws SQLException {
        return command.equals(REBUILD) ? rebuild() : verify();
    }

    private int rebuild() throws SQLException {
        say("Folding the ledger anew; whoever else uses the database waits.");
        Progress progress = new Progress("folded");
        projections.rebuild(progress);
        say("Rebuilt all projections from " + progress.reached + " entries.");
        return 0;
    }

    private int verify() throws SQLException {
        try {
            say("Recomputing the log from every entry.");
            LogCheck.Checked log = check.whole(new Progress("hashed"));
            say("  log          " + log.origin());
            say("  entries      " + log.entries() + ", none missing, each is what was hashed");
            say("  checkpoint   over " + log.signed() + " of them, signed with the log's key, root " + log.root());
            say("  hashes       " + log.hashes() + " stored, each is that of the entries below it");
            say("  commitments  " + log.commitments() + ", each to what is kept beside the entry");
        } catch (LogMismatchException mismatch) {
            return fail(String.valueOf(mismatch.getMessage()));
        }
        say("Folding the ledger anew beside the projections.");
        Map<String, Long> differing = new LinkedHashMap<>(projections.differences(new Progress("folded")));
        differing.values().removeIf(rows -> rows == 0);
        if (!differing.isEmpty()) {
            return fail("the projections are not what the entries give; rows that differ: " + differing
                    + ". The command rebuild mends them");
        }
        say("  projections  equal to what the entries give");
        say("Everything matches.");
        return 0;
    }

    private static int fail(String what) {
        System.err.println("MISMATCH: " + what);
        return MISMATCH;
    }

    private static void say(String what) {
        System.out.println(what);
    }

    /** Tells how far it has come, now and then. */
    private static final class Progress implements LongConsumer {
        private final String done;
        private long reached;
        private long told;

        Progress(String done) {
            this.done = done;
        }

        @Override
        public void accept(long position) {
            reached = position;
            if (position >= told + TELL_EVERY) {
                told = position;
                say("  … " + done + " up to position " + position);
            }
        }
    }
}
