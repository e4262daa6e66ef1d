package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.micros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;

/** The projections of recovered keys, successors and erased parties. */
final class AccountsCheck implements ProjectionCheck {
    private final Map<String, String> recoveries = new HashMap<>();
    private final Map<String, String> successors = new HashMap<>();
    private final Map<String, List<String>> profiles = new HashMap<>();
    private final Map<String, List<String>> contactChecks = new HashMap<>();
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

    void checkContact(long position, AccountEntry.ContactChecked checked) {
        List<String> named = profiles.getOrDefault(id(checked), List.of());
        assertTrue(
                !named.isEmpty() && named.get(named.size() - 1).startsWith(checked.describedAt() + " "),
                "an answer about an older contact");
        endContactCheck(id(checked), position);
        contactChecks
                .computeIfAbsent(id(checked), party -> new ArrayList<>())
                .add(position + " " + FOR_EVER + " " + checked.check().wireName());
    }

    private void endContactCheck(String party, long position) {
        contactChecks.computeIfPresent(party, (any, rows) -> {
            rows.replaceAll(row -> row.replace(FOR_EVER + "", position + ""));
            return rows;
        });
    }

    void describe(long position, AccountEntry.Described described) {
        if (!described.sameContact()) {
            endContactCheck(id(described), position);
        }
        List<String> rows = profiles.computeIfAbsent(id(described), party -> new ArrayList<>());
        if (rows.isEmpty()) {
            assertEquals("party-opened", described.type(), "a party that changed before it was opened");
        } else {
            assertEquals("party-changed", described.type(), "a party that was opened twice");
            int last = rows.size() - 1;
            rows.set(last, rows.get(last).replace(FOR_EVER + "", position + ""));
        }
        boolean changed = !rows.isEmpty();
        rows.add(position + " " + FOR_EVER + " " + (changed ? "t" : "f") + " " + (described.contactable() ? "t" : "f")
                + " " + (described.sameContact() ? "t" : "f"));
    }

    /** Compares the names and contacts that lookups show with the confidential parts of the newest entries. */
    private void compareFaces(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> recorded = new TreeSet<>();
        profiles.forEach((party, rows) -> {
            String newest = rows.get(rows.size() - 1);
            long position = Long.parseLong(newest.substring(0, newest.indexOf(' ')));
            LedgerSnapshot.Beside kept = snapshot.beside(position);
            if (kept != null) {
                Confidential part = Confidential.parse(kept.content());
                assertEquals(
                        part.contact() != null || part.relay(),
                        newest.matches(".* t [tf]"),
                        "contactable of entry " + position);
                recorded.add(String.join(
                        "|",
                        party,
                        part.name(),
                        String.valueOf(part.contact()),
                        part.relay() ? "t" : "f",
                        position + ""));
            }
        });
        snapshot.compare(
                "party",
                recorded,
                "select concat_ws('|', id, name, coalesce(contact, 'null'), relay, profile_position) from party"
                        + " where name is not null or contact is not null");
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
        compareFaces(snapshot);
        TreeSet<String> described = new TreeSet<>();
        profiles.forEach((party, rows) -> rows.forEach(row -> described.add(party + " " + row)));
        snapshot.compare(
                "party_profile",
                described,
                "select concat_ws(' ', party, position, until_position, changed, contactable, same_contact) from party_profile");
        TreeSet<String> checked = new TreeSet<>();
        contactChecks.forEach((party, rows) -> rows.forEach(row -> checked.add(party + " " + row)));
        snapshot.compare(
                "party_contact_check",
                checked,
                "select concat_ws(' ', party, position, until_position, result) from party_contact_check");
        TreeSet<String> named = new TreeSet<>();
        successors.forEach((id, row) -> named.add(id + " " + row));
        snapshot.compare(
                "party_successor",
                named,
                "select concat_ws(' ', party, successor, position, succeeded) from party_successor");
        snapshot.compare("party_erasure", erasures, "select concat_ws(' ', party, position) from party_erasure");
    }
}
