package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.micros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.AccountEntry;

/** The projections of recovered keys, successors and erased parties. */
final class AccountsCheck implements ProjectionCheck {
    private final Map<String, String> recoveries = new HashMap<>();
    private final Map<String, String> successors = new HashMap<>();
    private final TreeSet<String> erasures = new TreeSet<>();

    void recover(long position, Instant recordedAt, AccountEntry.RecoveryChanged changed) {
        String before = recoveries.getOrDefault(changed.recovery(), "");
        if (changed.type().equals("recovery-begun")) {
            assertEquals("", before, "a recovery that began twice");
            String body = changed.by() == null ? "-" : changed.by().number().toString();
            recoveries.put(
                    changed.recovery(),
                    String.join(
                            " ",
                            id(changed),
                            body,
                            position + "",
                            "waiting",
                            micros(recordedAt.plus(java.time.Duration.ofDays(14)))));
        } else {
            assertTrue(before.startsWith(id(changed)) && before.contains(" waiting "), "a recovery that did not wait");
            String state = changed.type().equals("recovered") ? " recovered " : " stopped ";
            recoveries.put(changed.recovery(), before.replace(" waiting ", state));
        }
    }

    void nameSuccessor(long position, AccountEntry.SuccessorNamed named) {
        successors.remove(id(named));
        if (named.successor() != null) {
            successors.put(id(named), named.successor().number() + " " + position);
        }
    }

    void succeed(long position, AccountEntry.Succeeded succeeded) {
        String named = successors.getOrDefault(id(succeeded), "");
        assertTrue(named.startsWith(succeeded.successor().number() + " "), "handed over to somebody else");
        successors.put(id(succeeded), named + " " + position);
    }

    void erase(String party, long position) {
        erasures.add(party + " " + position);
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> known = new TreeSet<>();
        recoveries.forEach((id, row) -> known.add(id + " " + row));
        snapshot.compare(
                "party_recovery_state",
                known,
                "select concat_ws(' ', recovery, party, coalesce(body::text, '-'), position, state,"
                        + " (extract(epoch from until) * 1000000)::bigint) from party_recovery_state");
        TreeSet<String> named = new TreeSet<>();
        successors.forEach((id, row) -> named.add(id + " " + row));
        snapshot.compare(
                "party_successor",
                named,
                "select concat_ws(' ', party, successor, position, succeeded) from party_successor");
        snapshot.compare("party_erasure", erasures, "select concat_ws(' ', party, position) from party_erasure");
    }
}
