package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.TrustEntry;

/** The projections of party decisions and of vouching. */
final class TrustCheck implements ProjectionCheck {
    private final Map<String, List<String[]>> rulings = new HashMap<>();
    private final Map<String, long[]> vouching = new HashMap<>();
    private final TreeSet<String> vouched = new TreeSet<>();

    /** Each party's rulings as "verified suspended kinds", with where they hold from and until. */
    void rule(String party, long position, TrustEntry.PartyStatusDecided ruled) {
        List<String[]> rows = rulings.computeIfAbsent(party, id -> new ArrayList<>());
        String[] now = {"f", "f", "{}", position + "", FOR_EVER + ""};
        if (!rows.isEmpty()) {
            String[] before = rows.get(rows.size() - 1);
            System.arraycopy(before, 0, now, 0, 3);
            before[4] = position + "";
        }
        switch (ruled.ruling().wireName()) {
            case "verified" -> now[0] = "t";
            case "unverified" -> now[0] = "f";
            case "suspended" -> now[1] = "t";
            case "reinstated" -> now[1] = "f";
            case "vouching-granted" ->
                now[2] = ruled.schemes().stream()
                        .map(kind -> kind.wireName())
                        .sorted()
                        .collect(java.util.stream.Collectors.joining(",", "{", "}"));
            default -> now[2] = "{}";
        }
        rows.add(now);
    }

    void vouch(long position, TrustEntry.MemberVouched vouch) {
        String pair = vouch.member().number() + " " + id(vouch);
        long[] since = vouching.remove(pair);
        assertEquals(vouch.ends(), since != null, () -> "vouched for twice, or not at all, at " + position);
        if (since == null) {
            vouching.put(pair, new long[] {position});
        } else {
            vouched.add(pair + " " + since[0] + " " + position);
        }
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> ruled = new TreeSet<>();
        rulings.forEach((party, rows) -> rows.forEach(row -> ruled.add(party + " " + String.join(" ", row))));
        snapshot.compare(
                "party_state",
                ruled,
                "select concat_ws(' ', party, verified, suspended, vouches_for, position, until_position)"
                        + " from party_state");
        vouching.forEach((pair, since) -> vouched.add(pair + " " + since[0] + " " + FOR_EVER));
        snapshot.compare(
                "party_vouch",
                vouched,
                "select concat_ws(' ', member, body, position, until_position) from party_vouch");
    }
}
