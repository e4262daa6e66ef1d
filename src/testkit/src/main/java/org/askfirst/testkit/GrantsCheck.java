package org.askfirst.testkit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.TreeSet;
import org.askfirst.entry.GrantEntry;
import org.askfirst.id.GrantId;
import org.jspecify.annotations.Nullable;

/** The events of grants, and that each has a confidential part. */
final class GrantsCheck implements ProjectionCheck {
    private final TreeSet<String> rows = new TreeSet<>();

    void give(long position, Instant recordedAt, GrantEntry.Granted granted) {
        Instant from = granted.period().from();
        GrantId before = granted.supersedes();
        add(
                position,
                granted.grant(),
                "given",
                recordedAt,
                from,
                granted.period().to(),
                null,
                before);
        if (before != null) {
            Instant end = from != null && from.isAfter(recordedAt) ? from : recordedAt;
            add(position, before, "ended", recordedAt, null, null, end, granted.grant());
        }
    }

    void revoke(long position, Instant recordedAt, GrantEntry.Revoked revoked) {
        Instant end = revoked.from() == null ? recordedAt : revoked.from();
        add(position, revoked.grant(), "ended", recordedAt, null, null, end, null);
    }

    private void add(
            long position,
            GrantId grant,
            String kind,
            Instant recordedAt,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Instant end,
            @Nullable GrantId other) {
        rows.add(String.join(
                " ",
                String.valueOf(position),
                grant.number().toString(),
                kind,
                micros(recordedAt),
                micros(from),
                micros(to),
                micros(end),
                other == null ? "-" : other.number().toString()));
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> stored = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select position, e.grant_id, kind, "
                        + microsOf("recorded_at") + ", " + microsOf("valid_from") + ", " + microsOf("valid_to") + ", "
                        + microsOf("ends_at") + ", coalesce(other::text, '-') from grant_event e"
                        + " join grant_record r on r.id = e.grant_id")) {
            while (row.next()) {
                StringBuilder text = new StringBuilder(row.getString(1));
                for (int column = 2; column <= 8; column++) {
                    text.append(' ').append(row.getString(column));
                }
                stored.add(text.toString());
            }
        }
        snapshot.compare("grant_event", rows, stored);
    }

    /** Counts the microseconds without the nanoseconds of {@code ChronoUnit}, which overflow after the year 2262. */
    private static String micros(@Nullable Instant moment) {
        return moment == null ? "-" : String.valueOf(moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1_000);
    }

    private static String microsOf(String column) {
        return "coalesce((extract(epoch from " + column + ") * 1000000)::bigint::text, '-')";
    }
}
