package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.askfirst.entry.OfferEntry;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;

/** The projection of offers. */
final class OffersCheck implements ProjectionCheck {
    private final Map<OfferId, Version> inForce = new LinkedHashMap<>();
    private final TreeSet<String> rows = new TreeSet<>();

    private record Version(long first, PartyId party, String row) {}

    void state(long position, OfferEntry.OfferStated stated) {
        Version before = inForce.get(stated.offer());
        end(position, stated.offer());
        long first = before == null ? position : before.first();
        inForce.put(
                stated.offer(),
                new Version(
                        first,
                        stated.party(),
                        String.join(
                                " ",
                                stated.offer().number().toString(),
                                String.valueOf(position),
                                String.valueOf(first),
                                stated.party().number().toString(),
                                String.valueOf(stated.coverage().declarations().size()),
                                String.valueOf(stated.coverage().subjects().size()),
                                stated.terms().toJson(),
                                String.valueOf(stated.automatic()))));
    }

    void end(long position, OfferId offer) {
        Version ended = inForce.remove(offer);
        if (ended != null) {
            rows.add(ended.row() + " until " + position);
        }
    }

    void endAll(long position, PartyId party) {
        for (Map.Entry<OfferId, Version> offer : Map.copyOf(inForce).entrySet()) {
            if (offer.getValue().party().equals(party)) {
                end(position, offer.getKey());
            }
        }
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> stored = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select id, position, first_position, party,"
                        + " cardinality(declarations), cardinality(subjects), terms, automatic, until_position"
                        + " from offer")) {
            while (row.next()) {
                StringBuilder text =
                        new StringBuilder(row.getObject(1, UUID.class).toString());
                for (int column = 2; column <= 7; column++) {
                    text.append(' ').append(row.getString(column));
                }
                text.append(' ').append(row.getBoolean(8)).append(" until ").append(row.getLong(9));
                stored.add(text.toString());
            }
        }
        TreeSet<String> folded = new TreeSet<>(rows);
        inForce.values().forEach(version -> folded.add(version.row() + " until " + FOR_EVER));
        snapshot.compare("offer", folded, stored);
    }
}
