package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.key;
import static org.askfirst.testkit.TableText.moment;
import static org.askfirst.testkit.TableText.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** The projection of declarations: what is in force, what was, and the history of each. */
final class DeclarationsCheck implements ProjectionCheck {
    static final List<String> USES = List.of(
            "text-and-data-mining",
            "data-analysis",
            "ai-training",
            "generative-ai-training",
            "non-generative-ai-training",
            "ai-input",
            "ai-index",
            "search-indexing");
    private static final List<String> STANCES = List.of("", "reserved", "permitted-with-terms", "permitted");

    private final TreeSet<String> history = new TreeSet<>();
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final Map<String, List<StatementRow>> statements = new HashMap<>();

    private static final class Declaration {
        private final String party;
        private final long declaredAt;
        private long position;
        private boolean withdrawn;
        private String fingerprint = "";
        private String mandate = "-";

        Declaration(String party, long declaredAt) {
            this.party = party;
            this.declaredAt = declaredAt;
        }
    }

    private static final class StatementRow {
        private final String row;
        private final long position;
        private long until = FOR_EVER;

        StatementRow(String row, long position) {
            this.row = row;
            this.position = position;
        }
    }

    void state(long position, DeclarationEntry.Stated stated, LedgerSnapshot.@Nullable Beside kept) {
        String id = stated.declaration().number().toString();
        if (stated.amends()) {
            requireInForce(id, position);
            end(id, position);
        } else {
            assertFalse(declarations.containsKey(id), () -> "declared twice: " + id);
            declarations.put(id, new Declaration(id(stated), position));
        }
        Declaration declaration = requireInForce(id, position);
        assertEquals(declaration.party, id(stated), "somebody else's declaration was changed");
        declaration.position = position;
        declaration.fingerprint =
                HexFormat.of().formatHex(stated.fingerprint(kept == null ? null : Confidential.parse(kept.content())));
        history.add(id + " " + position);
        if (stated.content().mandate() != null) {
            declaration.mandate = stated.content().mandate().number().toString();
        }
        addStatements(id, position, stated);
    }

    void withdraw(long position, DeclarationEntry.Withdrawn withdrawn) {
        String id = withdrawn.declaration().number().toString();
        Declaration declaration = requireInForce(id, position);
        declaration.withdrawn = true;
        declaration.position = position;
        end(id, position);
        history.add(id + " " + position);
    }

    /** Removes the fingerprints of an erased party. No fingerprint may be kept. */
    void erase(String party) {
        declarations.values().stream()
                .filter(declaration -> declaration.party.equals(party))
                .forEach(declaration -> declaration.fingerprint = "");
    }

    /** The party whose declaration the entry at that position changes. */
    String party(String id, long position) {
        return requireInForce(id, position).party;
    }

    private Declaration requireInForce(String id, long position) {
        Declaration declaration = declarations.get(id);
        assertTrue(declaration != null && !declaration.withdrawn, () -> "nothing stands that " + position + " changes");
        return java.util.Objects.requireNonNull(declaration);
    }

    private void end(String id, long position) {
        for (StatementRow row : statements.getOrDefault(id, List.of())) {
            if (row.until == FOR_EVER) {
                row.until = position;
            }
        }
    }

    private void addStatements(String id, long position, DeclarationEntry.Stated stated) {
        int packed = 0;
        for (Map.Entry<String, String> one : stated.content().stances().toWire().entrySet()) {
            packed += STANCES.indexOf(one.getValue()) << (2 * USES.indexOf(one.getKey()));
        }
        Map<String, String> kept = new LinkedHashMap<>();
        if (stated.content().repertoire() != null) {
            assertEquals(List.of(), stated.content().subjects(), "a repertoire that names subjects");
            String name = "repertoire:" + stated.declaration();
            kept.put(HexFormat.of().formatHex(sha256().digest(name.getBytes(StandardCharsets.UTF_8))), name);
        }
        stated.content().subjects().forEach(subject -> kept.put(key(subject), subject.canonical()));
        for (Subject subject : stated.content().subjects()) {
            for (Subject as : subject.indexedAs()) {
                kept.putIfAbsent(key(as), subject.canonical());
            }
        }
        for (Map.Entry<String, String> one : kept.entrySet()) {
            String row = String.join(
                    " ",
                    one.getKey(),
                    id,
                    id(stated),
                    one.getValue(),
                    packed + "",
                    stated.contactable() + "",
                    (stated.content().terms().license() != null) + "",
                    stated.partyContact() + "",
                    String.valueOf(stated.content().period().from()),
                    String.valueOf(stated.content().period().to()),
                    String.valueOf(
                            stated.content().mandate() == null
                                    ? null
                                    : stated.content().mandate().number()));
            statements.computeIfAbsent(id, of -> new ArrayList<>()).add(new StatementRow(row, position));
        }
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> standing = new TreeSet<>();
        declarations.forEach((id, one) -> standing.add(String.join(
                " ",
                id,
                one.party,
                one.declaredAt + "",
                one.position + "",
                one.withdrawn ? "t" : "f",
                one.fingerprint,
                one.mandate)));
        snapshot.compare(
                "standing_declaration",
                standing,
                "select concat_ws(' ', id, party, declared_at, position, withdrawn, encode(fingerprint, 'hex'),"
                        + " coalesce(mandate::text, '-')) from standing_declaration");
        snapshot.compare(
                "standing_history", history, "select concat_ws(' ', declaration, position) from standing_history");
        TreeSet<String> expected = new TreeSet<>();
        statements
                .values()
                .forEach(rows -> rows.forEach(row -> expected.add(row.position + " " + row.until + " " + row.row)));
        TreeSet<String> found = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select position, until_position, encode(key, 'hex'),"
                        + " declaration, party, subject, stances, address, lasting_address, party_address,"
                        + " valid_from, valid_to, mandate"
                        + " from standing_statement")) {
            while (row.next()) {
                found.add(String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getBoolean(8) + "",
                        row.getBoolean(9) + "",
                        row.getBoolean(10) + "",
                        moment(row.getObject(11, OffsetDateTime.class)),
                        moment(row.getObject(12, OffsetDateTime.class)),
                        String.valueOf(row.getString(13))));
            }
        }
        snapshot.compare("standing_statement", expected, found);
    }
}
