package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.micros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** The projections of mandates: how they stand, when each was in force, and what was declared under them. */
final class MandatesCheck implements ProjectionCheck {
    private final Map<String, MandateRow> mandates = new HashMap<>();
    private final TreeSet<String> mandateTerms = new TreeSet<>();
    private final TreeSet<String> mandateUses = new TreeSet<>();

    /** A mandate as its entries leave it, each field as the table's text. */
    private static final class MandateRow {
        private final String fixed;
        private final long position;
        private final String society;
        private String member = "-";
        private String state = "";
        private String from = "-";
        private String to = "-";
        private String reference = "-";
        private String code = "-";
        private long termSince;

        MandateRow(String fixed, long position, String society) {
            this.fixed = fixed;
            this.position = position;
            this.society = society;
        }

        String term(long until) {
            return String.join(" ", termSince + "", until + "", society, member, from, to);
        }
    }

    void make(long position, MandateEntry.MandateMade made, LedgerSnapshot.@Nullable Beside kept) {
        Mandate terms = made.terms();
        MandateRow row = new MandateRow(
                String.join(
                        " ",
                        id(made),
                        terms.schemes().stream()
                                .map(kind -> kind.wireName())
                                .toList()
                                .toString(),
                        terms.uses().stream()
                                .map(use -> use.wireName())
                                .toList()
                                .toString(),
                        terms.territory().toString(),
                        String.valueOf(terms.document())),
                position,
                terms.society().number().toString());
        row.member = terms.member() == null ? "-" : terms.member().number().toString();
        row.state = made.recorded() ? "recorded" : "offered";
        row.from = micros(terms.period().from());
        row.to = micros(terms.period().to());
        row.termSince = made.recorded() ? position : 0;
        if (kept != null) {
            Map<?, ?> content = (Map<?, ?>) java.util.Objects.requireNonNull(CanonicalJson.parse(kept.content()));
            Map<?, ?> reference = (Map<?, ?>) java.util.Objects.requireNonNull(content.get("reference"));
            row.reference = String.valueOf(reference.get("number"));
            row.code = String.valueOf(reference.get("code"));
        }
        mandates.put(made.mandate().number().toString(), row);
    }

    void change(long position, Instant recordedAt, MandateEntry.MandateChanged changed) {
        String id = changed.mandate().number().toString();
        MandateRow row = java.util.Objects.requireNonNull(mandates.get(id));
        switch (changed.type()) {
            case "mandate-declined" -> {
                row.state = "declined";
                return;
            }
            case "mandate-accepted" -> {
                assertFalse(row.fixed.startsWith(id(changed)), "accepted by the side that offered it");
                row.state = "accepted";
            }
            default -> {
                assertTrue(row.termSince > 0, "changed before it held");
                mandateTerms.add(id + " " + row.term(position));
                if (changed.type().equals("mandate-claimed")) {
                    row.member = id(changed);
                    row.code = "-";
                } else {
                    assertEquals(row.member.equals("-") ? row.society : row.member, id(changed), "who withdrew it");
                    row.state = "withdrawn";
                    row.to = micros(changed.until() == null ? recordedAt : changed.until());
                    row.from =
                            row.from.equals("-") || Long.parseLong(row.from) >= Long.parseLong(row.to) ? "-" : row.from;
                }
            }
        }
        row.termSince = position;
    }

    void state(long position, DeclarationEntry.Stated stated) {
        if (stated.content().mandate() != null) {
            mandateUses.add(position + " " + stated.declaration().number() + " "
                    + stated.content().mandate().number());
        }
    }

    /** With an erased party, the number goes that its society had for it, or that it had for its members. */
    void erase(String party, LedgerSnapshot snapshot) {
        mandates.values().stream()
                .filter(row -> row.society.equals(party) || row.member.equals(party))
                .forEach(row -> {
                    row.reference = "-";
                    row.code = "-";
                    assertNull(snapshot.beside(row.position), "erased, but a reference is kept");
                });
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> standing = new TreeSet<>();
        mandates.forEach((id, row) -> {
            standing.add(String.join(
                    " ",
                    id,
                    row.fixed,
                    row.position + "",
                    row.society,
                    row.member,
                    row.state,
                    row.from,
                    row.to,
                    row.reference,
                    row.code));
            if (row.termSince > 0) {
                mandateTerms.add(id + " " + row.term(FOR_EVER));
            }
        });
        String moments = "coalesce(((extract(epoch from valid_from) * 1000000)::bigint)::text, '-'),"
                + " coalesce(((extract(epoch from valid_to) * 1000000)::bigint)::text, '-')";
        snapshot.compare(
                "party_mandate",
                standing,
                "select concat_ws(' ', id, offered_by, '[' || array_to_string(kinds, ', ') || ']',"
                        + " '[' || array_to_string(uses, ', ') || ']', '[' || array_to_string(territory, ', ') || ']',"
                        + " coalesce(document, 'null'), position, society, coalesce(member::text, '-'), state, "
                        + moments + ", coalesce(reference, '-'), coalesce(code, '-')) from party_mandate");
        snapshot.compare(
                "party_mandate_term",
                mandateTerms,
                "select concat_ws(' ', mandate, position, until_position, society, coalesce(member::text, '-'), "
                        + moments + ") from party_mandate_term");
        snapshot.compare(
                "party_mandate_use",
                mandateUses,
                "select concat_ws(' ', position, declaration, mandate) from party_mandate_use");
    }
}
