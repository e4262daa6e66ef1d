package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.json.CanonicalJson;
import org.askfirst.tlog.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Checks the entries themselves: positions are gapless, times never go back, every entry is canonical and hashes to its
 * leaf, commitments hold, and nothing personal stands in an entry.
 */
final class LedgerEntriesCheck {
    private static final int SHORTEST_NAME = 5;

    /** Every member that an entry may have; one that is not here must be looked at by somebody first. */
    private static final Set<String> OPEN_MEMBERS = Set.of(
            "offer",
            "declarations",
            "licenseTerms",
            "automatic",
            "request",
            "report",
            "model",
            "scope",
            "name",
            "version",
            "transfer",
            "price",
            "basis",
            "unit",
            "percent",
            "weights",
            "reporting",
            "route",
            "kind",
            "uri",
            "ground",
            "subjectKey",
            "v",
            "rules",
            "type",
            "time",
            "party",
            "commitment",
            "declaration",
            "contactable",
            "partyContact",
            "describedAt",
            "sameContact",
            "mints",
            "subjects",
            "repertoire",
            "add",
            "remove",
            "stances",
            "terms",
            "validFrom",
            "validTo",
            "subject",
            "method",
            "decision",
            "schemes",
            "by",
            "member",
            "body",
            "mayRecover",
            "dispute",
            "respondent",
            "control",
            "days",
            "grounds",
            "mandate",
            "society",
            "uses",
            "documentSha256",
            "until",
            "recovery",
            "successor",
            "market",
            "identified",
            "offers",
            "since",
            "evidence",
            "license",
            "policy",
            "grant",
            "supersedes",
            "licenseeCommitment",
            "worksCommitment",
            "termsCommitment",
            "from",
            "purpose",
            "userClass",
            "territory",
            "payment",
            "amount",
            "currency");

    private final LedgerSnapshot snapshot;
    private final Fold fold;
    private final List<Hash> leaves = new ArrayList<>();

    LedgerEntriesCheck(LedgerSnapshot snapshot, Fold fold) {
        this.snapshot = snapshot;
        this.fold = fold;
    }

    /** Takes one entry after another. */
    interface Fold {
        void accept(long position, Instant recordedAt, Entry entry);
    }

    /** The leaves of all entries. */
    List<Hash> leaves() {
        return leaves;
    }

    void check() throws SQLException {
        Map<String, List<String>> faces = faces();
        long last = 0;
        Instant before = Instant.EPOCH;
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery(
                        "select position, recorded_at, canonical, leaf_hash from ledger_entry order by position")) {
            while (row.next()) {
                long position = row.getLong(1);
                Instant recordedAt = row.getObject(2, OffsetDateTime.class).toInstant();
                String canonical = row.getString(3);
                String where = "entry " + position + ", " + canonical;
                assertEquals(last + 1, position, "positions have a gap");
                assertFalse(recordedAt.isBefore(before), () -> "time goes back at " + where);
                assertEquals(canonical, CanonicalJson.write(CanonicalJson.parse(canonical)), "not canonical");
                assertEquals(leafHash(canonical), HexFormat.of().formatHex(row.getBytes(4)), where);
                Entry entry = Entry.parse(canonical);
                assertEquals(canonical, entry.canonical(recordedAt), "the entry is not what its text says");
                checkCommitment(position, entry, where);
                checkNothingPersonal(position, canonical, faces.getOrDefault(id(entry), List.of()));
                leaves.add(Hash.of(row.getBytes(4)));
                fold.accept(position, recordedAt, entry);
                last = position;
                before = recordedAt;
            }
        }
        long entries = last;
        assertTrue(
                snapshot.positionsBeside().stream().allMatch(position -> position <= entries),
                "something confidential belongs to no entry");
    }

    private void checkCommitment(long position, Entry entry, String where) {
        LedgerSnapshot.Beside kept = snapshot.beside(position);
        if (kept == null) {
            return;
        }
        MessageDigest digest = sha256();
        digest.update(kept.salt());
        byte[] commitment = digest.digest(kept.content().getBytes(StandardCharsets.UTF_8));
        assertEquals(HexFormat.of().formatHex(commitment), entry.commitment(), "commitment of " + where);
        assertEquals(Confidential.SALT_BYTES, kept.salt().length, where);
    }

    /** Names and contacts by the party they belong to. */
    private Map<String, List<String>> faces() throws SQLException {
        Map<String, List<String>> faces = new HashMap<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select id, name, contact from party")) {
            while (row.next()) {
                List<String> texts = faces.computeIfAbsent(row.getString(1), id -> new ArrayList<>());
                for (int column = 2; column <= 3; column++) {
                    if (row.getString(column) != null) {
                        texts.add(row.getString(column));
                    }
                }
            }
        }
        return faces;
    }

    private void checkNothingPersonal(long position, String canonical, List<String> faces) {
        Map<?, ?> tree = (Map<?, ?>) java.util.Objects.requireNonNull(CanonicalJson.parse(canonical));
        List<String> said = new ArrayList<>();
        walk(tree, "", said);
        List<String> personal = new ArrayList<>(faces);
        LedgerSnapshot.Beside kept = snapshot.beside(position);
        if (kept != null) {
            texts(CanonicalJson.parse(kept.content()), personal);
        }
        for (String name : personal) {
            if (name.length() >= SHORTEST_NAME) {
                assertTrue(
                        said.stream().noneMatch(text -> text.contains(name)),
                        () -> "\"" + name + "\" stands in entry " + position + ", " + canonical);
            }
        }
    }

    /** Checks the names of members; gathers the texts that a party does not choose freely to be public. */
    private static void walk(@Nullable Object value, String under, List<String> said) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> {
                String text = String.valueOf(name);
                assertTrue(
                        switch (under) {
                            case "stances" -> DeclarationsCheck.USES.contains(text);
                            case "weights" -> true;
                            default -> OPEN_MEMBERS.contains(text);
                        },
                        () -> "an entry has a member that nobody has looked at: " + text);
                walk(member, text, said);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> walk(element, under, said));
        } else if (value instanceof String text
                && !Set.of("subjects", "add", "remove", "subject", "license", "policy", "evidence", "time")
                        .contains(under)) {
            said.add(text);
        }
    }

    private static void texts(@Nullable Object value, List<String> into) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(member -> texts(member, into));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> texts(element, into));
        } else if (value instanceof String text) {
            into.add(text);
        }
    }

    private static String leafHash(String canonical) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return HexFormat.of().formatHex(digest.digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }
}
