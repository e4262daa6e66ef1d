package org.askfirst.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Tile;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Proves a whole ledger, from the outside: reads the tables in one snapshot and trusts nothing but the entries.
 *
 * <p>Positions are gapless, times never go back, every entry is canonical and hashes to its leaf, commitments hold,
 * nothing personal stands in an entry, and the projections are what folding the entries gives; folded here anew, by
 * other code than the service's.
 */
public final class LedgerChecker {
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int SHORTEST_NAME = 5;

    /** Every member that an entry may have; one that is not here must be looked at by somebody first. */
    private static final Set<String> OPEN_MEMBERS = Set.of(
            "v",
            "type",
            "time",
            "party",
            "commitment",
            "declaration",
            "contactable",
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
            "ruling",
            "schemes",
            "by",
            "member",
            "mandate",
            "society",
            "uses",
            "document",
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
            "purpose",
            "userClass",
            "territory",
            "payment",
            "amount",
            "currency");

    private static final List<String> USES = List.of(
            "text-and-data-mining",
            "data-analysis",
            "ai-training",
            "generative-ai-training",
            "non-generative-ai-training",
            "ai-input",
            "ai-index",
            "search-indexing");
    private static final List<String> STANCES = List.of("", "reserved", "permitted-with-terms", "permitted");

    private final Connection connection;
    private final Map<Long, Beside> beside = new HashMap<>();
    private final TreeSet<String> history = new TreeSet<>();
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final Map<String, List<StatementRow>> statements = new HashMap<>();
    private final Map<String, Map<String, Long>> repertoires = new HashMap<>();
    private final TreeSet<String> listings = new TreeSet<>();
    private final List<ControlRow> controls = new ArrayList<>();
    private final Map<String, List<String[]>> rulings = new HashMap<>();
    private final Map<String, long[]> vouching = new HashMap<>();
    private final TreeSet<String> vouched = new TreeSet<>();
    private final Map<String, MandateRow> mandates = new HashMap<>();
    private final TreeSet<String> mandateTerms = new TreeSet<>();
    private final TreeSet<String> mandateUses = new TreeSet<>();
    private final Map<String, String> recoveries = new HashMap<>();
    private final Map<String, String> successors = new HashMap<>();
    private final TreeSet<String> erasures = new TreeSet<>();
    private final List<Hash> leaves = new ArrayList<>();
    private final Map<String, List<Long>> acts = new HashMap<>();

    private LedgerChecker(Connection connection) {
        this.connection = connection;
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Beside(byte[] salt, String content) {}

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

    /** Checks the database that the service under test is configured with. */
    public static void check() {
        Config config = ConfigProvider.getConfig();
        check(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    /** Checks the ledger in that database; fails with the first thing that does not hold. */
    public static void check(String url, String user, String password) {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            LedgerChecker checker = new LedgerChecker(connection);
            checker.readBeside();
            checker.checkEntries();
            checker.checkProjections();
            checker.checkMandates();
            checker.checkLog();
            connection.rollback();
        } catch (SQLException failure) {
            throw new AssertionError("the ledger cannot be read", failure);
        }
    }

    private void readBeside() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select position, salt, content from ledger_confidential")) {
            while (row.next()) {
                beside.put(row.getLong(1), new Beside(row.getBytes(2), row.getString(3)));
            }
        }
    }

    private void checkEntries() throws SQLException {
        Map<String, List<String>> faces = faces();
        long last = 0;
        Instant before = Instant.EPOCH;
        try (Statement statement = connection.createStatement();
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
                entry.accept(new Fold(position, recordedAt));
                acts.computeIfAbsent(id(entry), id -> new ArrayList<>()).add(position);
                last = position;
                before = recordedAt;
            }
        }
        long entries = last;
        assertTrue(
                beside.keySet().stream().allMatch(position -> position <= entries),
                "something confidential belongs to no entry");
    }

    private void checkCommitment(long position, Entry entry, String where) {
        Beside kept = beside.get(position);
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
        try (Statement statement = connection.createStatement();
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
        Beside kept = beside.get(position);
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
                        under.equals("stances") ? USES.contains(text) : OPEN_MEMBERS.contains(text),
                        () -> "an entry has a member that nobody has looked at: " + text);
                walk(member, text, said);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> walk(element, under, said));
        } else if (value instanceof String text
                && !Set.of("subjects", "add", "remove", "subject", "license", "policy", "evidence")
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

    /** Folds one entry; a kind that is not handled here does not compile. */
    private final class Fold implements Entry.Cases<RuntimeException> {
        private final long position;
        private final Instant recordedAt;

        Fold(long position, Instant recordedAt) {
            this.position = position;
            this.recordedAt = recordedAt;
        }

        @Override
        public void controlProved(ControlEntry.ControlProved proved) {
            String of = key(proved.subject()) + " " + id(proved);
            endControl(of, position);
            controls.add(new ControlRow(
                    of,
                    recordedAt + " " + proved.subject().canonical() + " "
                            + proved.method().wireName(),
                    position));
        }

        @Override
        public void controlRevoked(ControlEntry.ControlRevoked lapsed) {
            assertTrue(
                    endControl(key(lapsed.subject()) + " " + id(lapsed), position),
                    "a proof lapsed that did not stand");
        }

        @Override
        public void ruled(TrustEntry.PartyStatusDecided ruled) {
            rule(id(ruled), position, ruled);
        }

        @Override
        public void recoveryChanged(AccountEntry.RecoveryChanged changed) {
            recover(position, recordedAt, changed);
        }

        @Override
        public void successorNamed(AccountEntry.SuccessorNamed named) {
            successors.remove(id(named));
            if (named.successor() != null) {
                successors.put(id(named), named.successor().number() + " " + position);
            }
        }

        @Override
        public void succeeded(AccountEntry.Succeeded succeeded) {
            String named = successors.getOrDefault(id(succeeded), "");
            assertTrue(named.startsWith(succeeded.successor().number() + " "), "handed over to somebody else");
            successors.put(id(succeeded), named + " " + position);
        }

        @Override
        public void memberVouched(TrustEntry.MemberVouched vouch) {
            vouch(position, vouch);
        }

        @Override
        public void mandateMade(MandateEntry.MandateMade made) {
            make(position, made);
        }

        @Override
        public void mandateChanged(MandateEntry.MandateChanged changed) {
            change(position, recordedAt, changed);
        }

        @Override
        public void erased(AccountEntry.Erased entry) {
            mandates.values().stream()
                    .filter(row -> row.society.equals(id(entry)) || row.member.equals(id(entry)))
                    .forEach(row -> {
                        row.reference = "-";
                        row.code = "-";
                        assertFalse(beside.containsKey(row.position), "erased, but a reference is kept");
                    });
            erasures.add(id(entry) + " " + position);
            declarations.values().stream()
                    .filter(declaration -> declaration.party.equals(id(entry)))
                    .forEach(declaration -> declaration.fingerprint = "");
            acts.getOrDefault(id(entry), List.of())
                    .forEach(act -> assertFalse(
                            beside.containsKey(act), () -> "erased, but something is kept beside entry " + act));
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) {
            list(position, listed);
        }

        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) {
            String id = withdrawn.declaration().number().toString();
            Declaration declaration = standing(id, position);
            declaration.withdrawn = true;
            declaration.position = position;
            end(id, position);
            history.add(id + " " + position);
        }

        @Override
        public void stated(DeclarationEntry.Stated stated) {
            String id = stated.declaration().number().toString();
            if (stated.amends()) {
                standing(id, position);
                end(id, position);
            } else {
                assertFalse(declarations.containsKey(id), () -> "declared twice: " + id);
                declarations.put(id, new Declaration(id(stated), position));
                if (stated.content().repertoire() != null) {
                    repertoires.put(id, new TreeMap<>());
                }
            }
            Declaration declaration = standing(id, position);
            assertEquals(declaration.party, id(stated), "somebody else's declaration was changed");
            Beside kept = beside.get(position);
            declaration.position = position;
            declaration.fingerprint = HexFormat.of()
                    .formatHex(stated.fingerprint(kept == null ? null : Confidential.parse(kept.content())));
            history.add(id + " " + position);
            if (stated.content().mandate() != null) {
                declaration.mandate = stated.content().mandate().number().toString();
                mandateUses.add(position + " " + id + " " + declaration.mandate);
            }
            state(id, position, stated);
        }
    }

    private void list(long position, DeclarationEntry.Listed listed) {
        String id = listed.declaration().number().toString();
        assertEquals(standing(id, position).party, id(listed), "somebody else's repertoire was changed");
        Map<String, Long> now = java.util.Objects.requireNonNull(repertoires.get(id), "it names its subjects");
        Set<String> keys = new HashSet<>();
        List<Subject> all = new ArrayList<>(listed.added());
        all.addAll(listed.removed());
        all.forEach(subject -> subject.indexedAs()
                .forEach(as -> assertTrue(keys.add(key(as)), () -> "two under one key in entry " + position)));
        listed.added().forEach(subject -> now.putIfAbsent(subject.canonical(), position));
        listed.removed().forEach(subject -> {
            Long since = now.remove(subject.canonical());
            if (since != null) {
                addListings(id, subject, since, position);
            }
        });
        assertTrue(now.size() <= 1_000_000, "more is listed than may be");
    }

    private void addListings(String id, Subject subject, long since, long until) {
        subject.indexedAs()
                .forEach(as -> listings.add(String.join(
                        " ",
                        key(as),
                        id,
                        since + "",
                        until + "",
                        subject.canonical(),
                        as.equals(subject) ? "t" : "f")));
    }

    /** Each party's rulings as "verified suspended kinds", with where they hold from and until. */
    private void rule(String party, long position, TrustEntry.PartyStatusDecided ruled) {
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

    private void recover(long position, Instant recordedAt, AccountEntry.RecoveryChanged changed) {
        String before = recoveries.getOrDefault(changed.recovery(), "");
        if (changed.type().equals("recovery-begun")) {
            assertEquals("", before, "a recovery that began twice");
            String body = changed.by() == null ? "-" : changed.by().number().toString();
            recoveries.put(
                    changed.recovery(),
                    String.join(
                            " ",
                            id(changed),
                            body,
                            position + "",
                            "waiting",
                            micros(recordedAt.plus(java.time.Duration.ofDays(14)))));
        } else {
            assertTrue(before.startsWith(id(changed)) && before.contains(" waiting "), "a recovery that did not wait");
            String state = changed.type().equals("recovered") ? " recovered " : " stopped ";
            recoveries.put(changed.recovery(), before.replace(" waiting ", state));
        }
    }

    private void vouch(long position, TrustEntry.MemberVouched vouch) {
        String pair = vouch.member().number() + " " + id(vouch);
        long[] since = vouching.remove(pair);
        assertEquals(vouch.ends(), since != null, () -> "vouched for twice, or not at all, at " + position);
        if (since == null) {
            vouching.put(pair, new long[] {position});
        } else {
            vouched.add(pair + " " + since[0] + " " + position);
        }
    }

    private void make(long position, MandateEntry.MandateMade made) {
        Mandate terms = made.terms();
        MandateRow row = new MandateRow(
                String.join(
                        " ",
                        id(made),
                        terms.kinds().stream()
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
        Beside kept = beside.get(position);
        if (kept != null) {
            Map<?, ?> content = (Map<?, ?>) java.util.Objects.requireNonNull(CanonicalJson.parse(kept.content()));
            Map<?, ?> reference = (Map<?, ?>) java.util.Objects.requireNonNull(content.get("reference"));
            row.reference = String.valueOf(reference.get("number"));
            row.code = String.valueOf(reference.get("code"));
        }
        mandates.put(made.mandate().number().toString(), row);
    }

    private void change(long position, Instant recordedAt, MandateEntry.MandateChanged changed) {
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

    private static String micros(@Nullable Instant moment) {
        return moment == null ? "-" : java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, moment) + "";
    }

    private void checkMandates() throws SQLException {
        TreeSet<String> known = new TreeSet<>();
        recoveries.forEach((id, row) -> known.add(id + " " + row));
        compare(
                "party_recovery_state",
                known,
                "select concat_ws(' ', recovery, party, coalesce(body::text, '-'), position, state,"
                        + " (extract(epoch from until) * 1000000)::bigint) from party_recovery_state");
        TreeSet<String> named = new TreeSet<>();
        successors.forEach((id, row) -> named.add(id + " " + row));
        compare(
                "party_successor",
                named,
                "select concat_ws(' ', party, successor, position, succeeded) from party_successor");
        vouching.forEach((pair, since) -> vouched.add(pair + " " + since[0] + " " + FOR_EVER));
        compare(
                "party_vouch",
                vouched,
                "select concat_ws(' ', member, body, position, until_position) from party_vouch");
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
        compare(
                "party_mandate",
                standing,
                "select concat_ws(' ', id, offered_by, '[' || array_to_string(kinds, ', ') || ']',"
                        + " '[' || array_to_string(uses, ', ') || ']', '[' || array_to_string(territory, ', ') || ']',"
                        + " coalesce(document, 'null'), position, society, coalesce(member::text, '-'), state, "
                        + moments + ", coalesce(reference, '-'), coalesce(code, '-')) from party_mandate");
        compare(
                "party_mandate_term",
                mandateTerms,
                "select concat_ws(' ', mandate, position, until_position, society, coalesce(member::text, '-'), "
                        + moments + ") from party_mandate_term");
        compare(
                "party_mandate_use",
                mandateUses,
                "select concat_ws(' ', position, declaration, mandate) from party_mandate_use");
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

    private Declaration standing(String id, long position) {
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

    private void state(String id, long position, DeclarationEntry.Stated stated) {
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
                    (stated.content().terms().licence() != null) + "",
                    String.valueOf(stated.content().period().from()),
                    String.valueOf(stated.content().period().to()),
                    String.valueOf(
                            stated.content().mandate() == null
                                    ? null
                                    : stated.content().mandate().number()));
            statements.computeIfAbsent(id, of -> new ArrayList<>()).add(new StatementRow(row, position));
        }
    }

    private void checkProjections() throws SQLException {
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
        compare(
                "standing_declaration",
                standing,
                "select concat_ws(' ', id, party, declared_at, position, withdrawn, encode(fingerprint, 'hex'),"
                        + " coalesce(mandate::text, '-')) from standing_declaration");
        compare("standing_history", history, "select concat_ws(' ', declaration, position) from standing_history");
        TreeSet<String> expected = new TreeSet<>();
        statements
                .values()
                .forEach(rows -> rows.forEach(row -> expected.add(row.position + " " + row.until + " " + row.row)));
        TreeSet<String> found = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select position, until_position, encode(key, 'hex'),"
                        + " declaration, party, subject, stances, address, lasting_address,"
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
                        moment(row.getObject(10, OffsetDateTime.class)),
                        moment(row.getObject(11, OffsetDateTime.class)),
                        String.valueOf(row.getString(12))));
            }
        }
        compare("standing_statement", expected, found);
        TreeSet<String> counts = new TreeSet<>();
        repertoires.forEach((id, now) -> {
            counts.add(id + " " + now.size());
            now.forEach((subject, since) -> addListings(id, Subject.parse(subject), since, FOR_EVER));
        });
        compare("standing_repertoire", counts, "select concat_ws(' ', declaration, listed) from standing_repertoire");
        compare(
                "standing_listing",
                listings,
                "select concat_ws(' ', encode(key, 'hex'), declaration, position, until_position, subject, own)"
                        + " from standing_listing");
        TreeSet<String> proofs = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select encode(key, 'hex'), party, position, until_position,"
                        + " recorded_at, subject, method from party_control")) {
            while (row.next()) {
                proofs.add(String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        moment(row.getObject(5, OffsetDateTime.class)),
                        row.getString(6),
                        row.getString(7)));
            }
        }
        TreeSet<String> proved = new TreeSet<>();
        controls.forEach(row -> proved.add(row.of + " " + row.position + " " + row.until + " " + row.rest));
        compare("party_control", proved, proofs);
        TreeSet<String> ruled = new TreeSet<>();
        rulings.forEach((party, rows) -> rows.forEach(row -> ruled.add(party + " " + String.join(" ", row))));
        compare(
                "party_state",
                ruled,
                "select concat_ws(' ', party, verified, suspended, vouches_for, position, until_position)"
                        + " from party_state");
        compare("party_erasure", erasures, "select concat_ws(' ', party, position) from party_erasure");
    }

    /** The checkpoint signs the beginning of these very entries, and the stored hashes lead there. */
    private void checkLog() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select size, frontier, checkpoint from transparency_log")) {
            assertTrue(row.next(), "there is no log");
            int size = (int) row.getLong(1);
            assertTrue(size <= leaves.size(), "more is signed than is recorded");
            Map<String, String> subtrees = new TreeMap<>();
            Frontier frontier = Frontier.empty().append(leaves.subList(0, size), (subtree, hash) -> {
                if (subtree.level() == Tile.HEIGHT) {
                    subtrees.put(subtree.level() + " " + subtree.index(), hash.hex());
                }
            });
            Checkpoint checkpoint =
                    Checkpoint.parse(SignedNote.parse(row.getString(3)).text());
            assertEquals(size, checkpoint.size(), "size of the checkpoint");
            assertEquals(frontier.root(), checkpoint.root(), "root of the checkpoint");
            assertEquals(frontier, Frontier.parse(row.getBytes(2)), "stored frontier");
            compare(
                    "transparency_subtree",
                    subtrees.entrySet().stream()
                            .map(one -> one.getKey() + " " + one.getValue())
                            .collect(java.util.stream.Collectors.toSet()),
                    "select concat_ws(' ', level, idx, encode(hash, 'hex')) from transparency_subtree where level = "
                            + Tile.HEIGHT);
        } catch (MalformedException malformed) {
            throw new AssertionError("the log cannot be read", malformed);
        }
    }

    private void compare(String table, Set<String> expected, String query) throws SQLException {
        TreeSet<String> found = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        compare(table, expected, found);
    }

    private static void compare(String table, Set<String> expected, Set<String> found) {
        TreeMap<String, String> different = new TreeMap<>();
        expected.stream().filter(row -> !found.contains(row)).limit(5).forEach(row -> different.put(row, "is missing"));
        found.stream()
                .filter(row -> !expected.contains(row))
                .limit(5)
                .forEach(row -> different.put(row, "is too much"));
        assertEquals(Map.of(), different, table + " is not what the entries give");
    }

    private static String moment(@Nullable OffsetDateTime moment) {
        return moment == null ? "null" : moment.toInstant().toString();
    }

    private static String id(Entry entry) {
        return entry.party().number().toString();
    }

    private static String key(Subject subject) {
        SubjectKey key = SubjectKey.of(sha256().digest(subject.canonical().getBytes(StandardCharsets.UTF_8)));
        return key.hex();
    }

    private static String leafHash(String canonical) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return HexFormat.of().formatHex(digest.digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
