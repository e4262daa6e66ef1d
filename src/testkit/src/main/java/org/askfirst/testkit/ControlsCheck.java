package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.key;
import static org.askfirst.testkit.TableText.moment;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.askfirst.entry.ControlEntry;

/** The projection of proofs of control. */
final class ControlsCheck implements ProjectionCheck {
    private final List<ControlRow> controls = new ArrayList<>();

    private static final class ControlRow {
        private final String of;
        private final String rest;
        private final long position;
        private long until = FOR_EVER;

        ControlRow(String of, String rest, long position) {
            this.of = of;
            this.rest = rest;
            this.position = position;
        }
    }

    void prove(long position, Instant recordedAt, ControlEntry.ControlProved proved) {
        String of = key(proved.subject()) + " " + id(proved);
        endControl(of, position);
        controls.add(new ControlRow(
                of,
                recordedAt + " " + proved.subject().canonical() + " "
                        + proved.method().wireName() + " "
                        + (proved.by() == null ? null : proved.by().number()),
                position));
    }

    void revoke(long position, ControlEntry.ControlRevoked lapsed) {
        assertTrue(endControl(key(lapsed.subject()) + " " + id(lapsed), position), "a proof lapsed that did not stand");
    }

    private boolean endControl(String of, long position) {
        boolean ended = false;
        for (ControlRow row : controls) {
            if (row.of.equals(of) && row.until == FOR_EVER) {
                row.until = position;
                ended = true;
            }
        }
        return ended;
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> proofs = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select encode(key, 'hex'), party, position, until_position,"
                        + " recorded_at, subject, method, body from party_control")) {
            while (row.next()) {
                proofs.add(String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        moment(row.getObject(5, OffsetDateTime.class)),
                        row.getString(6),
                        row.getString(7),
                        String.valueOf(row.getString(8))));
            }
        }
        TreeSet<String> proved = new TreeSet<>();
        controls.forEach(row -> proved.add(row.of + " " + row.position + " " + row.until + " " + row.rest));
        snapshot.compare("party_control", proved, proofs);
    }
}
