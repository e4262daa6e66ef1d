package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.MeasureEntry;

/** The projection of the operator's measures. */
final class MeasuresCheck implements ProjectionCheck {
    private final Map<String, String> inForce = new LinkedHashMap<>();
    private final TreeSet<String> rows = new TreeSet<>();

    void change(long position, MeasureEntry.MeasureChanged changed) {
        String of = String.join(
                " ",
                changed.kind().name(),
                id(changed).toString(),
                changed.target().declaration() == null
                        ? "null"
                        : changed.target().declaration().number().toString(),
                changed.target().subject() == null
                        ? "null"
                        : changed.target().subject().hex());
        if (changed.ground() == null) {
            rows.add(inForce.remove(of) + " " + position);
        } else {
            inForce.put(of, of + " " + changed.ground().wireName() + " " + position);
        }
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> stored = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select kind, party, declaration, encode(subject_key, 'hex'),"
                        + " ground, position, until_position from measure")) {
            while (row.next()) {
                StringBuilder text = new StringBuilder(row.getString(1));
                for (int column = 2; column <= 7; column++) {
                    text.append(' ').append(row.getString(column));
                }
                stored.add(text.toString());
            }
        }
        TreeSet<String> folded = new TreeSet<>(rows);
        inForce.values().forEach(row -> folded.add(row + " " + FOR_EVER));
        snapshot.compare("measure", folded, stored);
    }
}
