package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.micros;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.LicenseStep;
import org.askfirst.id.LicenseRequestId;
import org.jspecify.annotations.Nullable;

/** The projection of license requests: their states, and the clock that their entries start. */
final class LicensesCheck implements ProjectionCheck {
    private final Map<LicenseRequestId, String> states = new LinkedHashMap<>();
    private final Map<LicenseRequestId, String> heads = new LinkedHashMap<>();
    private final TreeSet<String> steps = new TreeSet<>();

    void request(long position, Instant recordedAt, LicenseEntry.LicenseRequested requested) {
        heads.put(
                requested.request(),
                requested.request().number() + " " + position + " "
                        + requested.party().number());
        change(position, recordedAt, requested, "waiting");
    }

    void step(long position, Instant recordedAt, LicenseEntry.LicenseStepped stepped) {
        change(
                position,
                recordedAt,
                stepped,
                stepped.step() == LicenseStep.ACCEPTED
                        ? "granted"
                        : stepped.type().substring("license-".length()));
    }

    private void change(long position, Instant recordedAt, LicenseEntry entry, String state) {
        states.put(
                entry.request(),
                state + " " + micros(entry.endsAt(recordedAt)) + " "
                        + entry.party().number() + " " + position);
        steps.add(
                position + " " + entry.request().number() + " " + entry.party().number() + " " + entry.type());
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> storedStates = new TreeSet<>();
        TreeSet<String> storedSteps = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement()) {
            try (ResultSet row = statement.executeQuery("select request, position, asker_alias, state, ends_at,"
                    + " last_alias, last_position from license_state")) {
                while (row.next()) {
                    storedStates.add(row.getString(1) + " " + row.getLong(2) + " " + row.getString(3) + " "
                            + row.getString(4) + " " + micros(at(row.getObject(5, OffsetDateTime.class))) + " "
                            + row.getString(6) + " " + row.getLong(7));
                }
            }
            try (ResultSet row = statement.executeQuery("select position, request, alias, type from license_step")) {
                while (row.next()) {
                    storedSteps.add(
                            row.getLong(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4));
                }
            }
        }
        TreeSet<String> folded = new TreeSet<>();
        states.forEach((request, state) -> folded.add(heads.get(request) + " " + state));
        snapshot.compare("license_state", folded, storedStates);
        snapshot.compare("license_step", steps, storedSteps);
    }

    private static @Nullable Instant at(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }
}
