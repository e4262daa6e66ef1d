package org.askfirst.testkit;

import static java.util.Objects.requireNonNull;
import static org.askfirst.testkit.TableText.FOR_EVER;
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
import org.askfirst.entry.TrustEntry;

/** The projections of party decisions and of vouching. */
final class TrustCheck implements ProjectionCheck {
    private final Map<String, List<String[]>> rulings = new HashMap<>();
    private final Map<String, String> offers = new HashMap<>();
    private final Map<String, String> vouching = new HashMap<>();
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

    /** Each pair's offer, and the vouching that it led to. An offer alone vouches for nobody. */
    void vouch(long position, Instant recordedAt, TrustEntry.VouchingChanged change) {
        String pair = change.member().number() + " " + change.body().number();
        String actor = change.party().number() + "";
        switch (change.type()) {
            case "vouching-offered" -> {
                assertTrue(pair.endsWith(actor) && !vouching.containsKey(pair), () -> "offered to a member: " + pair);
                offers.put(pair, position + " " + micros(recordedAt) + " f");
            }
            case "vouching-declined" -> {
                assertTrue(pair.startsWith(actor), "declined by the body");
                offers.compute(pair, (key, offer) -> requireNonNull(offer).replace(" f", " t"));
            }
            case "vouching-accepted" -> {
                assertTrue(pair.startsWith(actor), "accepted by the body");
                String offer = offers.remove(pair);
                assertEquals(offer == null, end(pair, position), () -> "accepted without an offer at " + position);
                vouching.put(pair, position + " " + micros(recordedAt) + " " + (change.mayRecover() ? "t" : "f"));
            }
            case "vouched" -> vouching.put(pair, position + " - f");
            default -> {
                boolean offered = offers.remove(pair) != null;
                assertTrue(end(pair, position) || offered, () -> "ended what was not there at " + position);
            }
        }
    }

    private boolean end(String pair, long position) {
        String since = vouching.remove(pair);
        if (since != null) {
            vouched.add(pair + " " + since + " " + position);
        }
        return since != null;
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
        vouching.forEach((pair, since) -> vouched.add(pair + " " + since + " " + FOR_EVER));
        snapshot.compare(
                "party_vouch",
                vouched,
                "select concat_ws(' ', member, body, position,"
                        + " coalesce((extract(epoch from accepted_at) * 1000000)::bigint::text, '-'), may_recover,"
                        + " until_position) from party_vouch");
        TreeSet<String> offered = new TreeSet<>();
        offers.forEach((pair, offer) -> offered.add(pair + " " + offer));
        snapshot.compare(
                "party_vouch_offer",
                offered,
                "select concat_ws(' ', member, body, position, (extract(epoch from offered_at) * 1000000)::bigint,"
                        + " declined) from party_vouch_offer");
    }
}
