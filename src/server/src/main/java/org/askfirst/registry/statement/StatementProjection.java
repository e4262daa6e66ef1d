package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.RowCopy;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contact;
import org.jspecify.annotations.Nullable;

/**
 * Folds declarations and listings into the {@code standing_…} tables, and decides under the ledger's lock whether a
 * declaration may be changed.
 *
 * <p>Only its party may change a declaration, and only until it is withdrawn. If a party submits the same content
 * again, or amends a declaration without changing its content, the answer is the existing declaration.
 */
@ApplicationScoped
class StatementProjection implements ActRule, Projection, ErasureListener {
    /** Number of subjects that one repertoire may list. */
    private static final long MAX_LISTED = 1_000_000;

    private final LedgerStore ledger;

    StatementProjection(LedgerStore ledger) {
        this.ledger = ledger;
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Row(UUID party, long position, boolean withdrawn, byte[] fingerprint) {}

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        admitChanges(connection, open);
        admitRepetitions(connection, open);
    }

    private static void admitChanges(Connection connection, List<Proposal> open) throws SQLException {
        Map<UUID, Proposal> changes = new HashMap<>();
        for (Proposal proposal : open) {
            DeclarationId changed = proposal.entry().changed().orElse(null);
            if (changed != null) {
                changes.put(changed.number(), proposal);
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        Map<UUID, Row> rows = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select id, party, position, withdrawn, fingerprint from standing_declaration where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, changes.keySet().stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.put(
                            row.getObject(1, UUID.class),
                            new Row(row.getObject(2, UUID.class), row.getLong(3), row.getBoolean(4), row.getBytes(5)));
                }
            }
        }
        changes.forEach((id, proposal) -> admitChange(proposal, rows.get(id)));
        admitListed(connection, open);
    }

    private static void admitListed(Connection connection, List<Proposal> open) throws SQLException {
        Map<DeclarationId, Proposal> changes = new HashMap<>();
        Map<DeclarationId, Integer> added = new HashMap<>();
        for (Proposal proposal : open) {
            if (proposal.isOpen() && proposal.entry() instanceof DeclarationEntry.Listed listed) {
                changes.put(listed.declaration(), proposal);
                added.put(listed.declaration(), listed.added().size());
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        Map<DeclarationId, Long> counts = Listings.counts(connection, changes.keySet());
        changes.forEach((id, proposal) -> {
            Long before = counts.get(id);
            if (before == null) {
                proposal.refuse(
                        Problem.NOT_FOUND.because("The declaration names its subjects; it is not a repertoire"));
            } else if (before + added.getOrDefault(id, 0) > MAX_LISTED) {
                proposal.refuse(Problem.TOO_LARGE.because("A repertoire lists at most " + MAX_LISTED
                        + " subjects; declare another, or a prefix that reaches them"));
            }
        });
    }

    private static void admitChange(Proposal proposal, @Nullable Row row) {
        boolean withdraws = proposal.entry() instanceof DeclarationEntry.Withdrawn;
        if (row == null) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such declaration"));
        } else if (!row.party().equals(proposal.owner().number())) {
            proposal.refuse(Problem.FORBIDDEN.because("The declaration belongs to another party"));
        } else if (!proposal.expects(row.position())) {
            proposal.refuse(Problem.PRECONDITION_FAILED.because("The last entry of the declaration has the position "
                    + row.position() + ", and the request expects another"));
        } else if (row.withdrawn() && withdraws) {
            proposal.answerWith(row.position());
        } else if (row.withdrawn()) {
            proposal.refuse(
                    Problem.ALREADY_WITHDRAWN.because("A withdrawn declaration cannot be amended; make a new one"));
        } else if (proposal.fingerprint().length > 0 && Arrays.equals(row.fingerprint(), proposal.fingerprint())) {
            proposal.answerWith(row.position());
        }
    }

    private static void admitRepetitions(Connection connection, List<Proposal> open) throws SQLException {
        List<Proposal> fresh = open.stream()
                .filter(Proposal::isOpen)
                .filter(proposal -> proposal.fingerprint().length > 0
                        && proposal.entry().changed().isEmpty())
                .toList();
        if (fresh.isEmpty()) {
            return;
        }
        record Repeatable(UUID party, ByteBuffer fingerprint) {}
        Map<Repeatable, Long> existing = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select d.party, d.fingerprint, d.position from standing_declaration d"
                        + " join (select distinct * from unnest(?::uuid[], ?::bytea[])) as n (party, fingerprint)"
                        + " on d.party = n.party and d.fingerprint = n.fingerprint"
                        + " where not d.withdrawn order by d.position desc")) {
            select.setArray(
                    1,
                    SqlArray.ids(
                            connection,
                            fresh.stream()
                                    .map(proposal -> proposal.entry().party().number())));
            select.setArray(2, SqlArray.bytes(connection, fresh.stream().map(Proposal::fingerprint)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    existing.put(
                            new Repeatable(row.getObject(1, UUID.class), ByteBuffer.wrap(row.getBytes(2))),
                            row.getLong(3));
                }
            }
        }
        for (Proposal proposal : fresh) {
            Long position = existing.get(
                    new Repeatable(proposal.entry().party().number(), ByteBuffer.wrap(proposal.fingerprint())));
            if (position != null) {
                proposal.answerWith(position);
            }
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        // When all entries are folded again, one list may have several entries of the same declaration. The list is cut
        // before such an entry, so that each part can be written with a few statements.
        List<Effect> effects = new ArrayList<>();
        Part part = new Part();
        List<LedgerEntry> listings = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (!(entry.entry() instanceof DeclarationEntry change)) {
                continue;
            }
            if (!change.isInHistory()) {
                listings.add(entry);
                continue;
            }
            if (!part.add(entry, change)) {
                effects.addAll(fold(connection, part));
                part = new Part();
                part.add(entry, change);
            }
        }
        effects.addAll(fold(connection, part));
        // Listings and statements are stored in different tables, so they can be folded in any order.
        for (LedgerEntry entry : listings) {
            effects.add(foldListed(connection, entry.position(), (DeclarationEntry.Listed) entry.entry()));
        }
        return effects;
    }

    /** Entries of different declarations, grouped by the kind of change. */
    private static final class Part {
        private final Set<DeclarationId> declarations = new HashSet<>();
        private final List<LedgerEntry> all = new ArrayList<>();
        private final List<LedgerEntry> first = new ArrayList<>();
        private final List<LedgerEntry> amending = new ArrayList<>();
        private final List<LedgerEntry> withdrawing = new ArrayList<>();

        /** Adds the entry. Returns false, and does nothing, if the part has an entry of the same declaration. */
        boolean add(LedgerEntry entry, DeclarationEntry change) {
            if (!declarations.add(change.declaration())) {
                return false;
            }
            all.add(entry);
            if (change instanceof DeclarationEntry.Withdrawn) {
                withdrawing.add(entry);
            } else if (change.changed().isPresent()) {
                amending.add(entry);
            } else {
                first.add(entry);
            }
            return true;
        }
    }

    private List<Effect> fold(Connection connection, Part part) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        insertHistory(connection, part.all);
        insertDeclarations(connection, part.first);
        effects.addAll(endStatements(connection, part.amending));
        effects.addAll(endStatements(connection, part.withdrawing));
        updateDeclarations(connection, part.amending);
        withdrawDeclarations(connection, part.withdrawing);
        insertRepertoires(connection, part.first);
        insertStatements(connection, part.first);
        insertStatements(connection, part.amending);
        return effects;
    }

    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        Map<UUID, List<LedgerEntry>> changing = new HashMap<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DeclarationEntry.Listed listed) {
                effects.add(Listings.effectOf(connection, entry.position(), listed));
            } else {
                entry.entry()
                        .changed()
                        .ifPresent(id -> changing.computeIfAbsent(id.number(), number -> new ArrayList<>())
                                .add(entry));
            }
        }
        if (!changing.isEmpty()) {
            effects.addAll(endedBy(connection, changing));
        }
        return effects;
    }

    /**
     * Returns the ends of the statements that entries amended or withdrew.
     *
     * @param changing the entries, by declaration
     */
    private List<Effect> endedBy(Connection connection, Map<UUID, List<LedgerEntry>> changing) throws SQLException {
        Map<Long, Long> ends = new HashMap<>();
        StatementStore.history(connection, changing.keySet()).forEach((id, positions) -> {
            for (LedgerEntry entry : changing.getOrDefault(id, List.of())) {
                positions.stream()
                        .filter(position -> position < entry.position())
                        .max(Long::compare)
                        .ifPresent(position -> ends.put(position, entry.position()));
            }
        });
        return ended(ledger.at(connection, ends.keySet()), ends);
    }

    /**
     * Returns the effects of the statements' ends.
     *
     * @param ends maps the position of each statement to the position of the entry that ended it
     */
    private static List<Effect> ended(List<LedgerEntry> statements, Map<Long, Long> ends) {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry statement : statements) {
            effects.add(new Effect.StatementEnded(
                    Objects.requireNonNull(ends.get(statement.position())),
                    statement.position(),
                    (DeclarationEntry.Stated) statement.entry()));
        }
        return effects;
    }

    private static Effect foldListed(Connection connection, long position, DeclarationEntry.Listed listed)
            throws SQLException {
        List<SubjectKey> keys = new ArrayList<>();
        Stream.concat(listed.added().stream(), listed.removed().stream())
                .forEach(subject -> subject.indexedAs().forEach(as -> keys.add(as.key())));
        Map<String, List<Listings.ListingRow>> before = new HashMap<>();
        for (Listings.ListingRow row : Listings.now(connection, listed.declaration(), keys)) {
            before.computeIfAbsent(row.subject(), subject -> new ArrayList<>()).add(row);
        }
        RowCopy rows =
                new RowCopy("standing_listing", "key", "declaration", "position", "until_position", "subject", "own");
        List<Subject> added = listed.added().stream()
                .filter(subject -> !before.containsKey(subject.canonical()))
                .toList();
        // Entries of older releases may list two subjects that share a key now: the own key of one of them.
        Map<SubjectKey, Subject> addedByKey = new LinkedHashMap<>();
        added.forEach(subject -> addedByKey.put(subject.key(), subject));
        added.forEach(subject -> subject.indexedAs().forEach(as -> addedByKey.putIfAbsent(as.key(), subject)));
        addedByKey.forEach((key, subject) -> rows.row()
                .add(key.toBytes())
                .add(listed.declaration().number())
                .add(position)
                .add(Positions.NO_END)
                .add(subject.canonical())
                .add(subject.key().equals(key)));
        List<Listings.ListingRow> ended = new ArrayList<>();
        Map<Subject, Long> removed = new LinkedHashMap<>();
        for (Subject subject : listed.removed()) {
            List<Listings.ListingRow> here = before.getOrDefault(subject.canonical(), List.of());
            if (!here.isEmpty()) {
                removed.put(subject, here.get(0).position());
                ended.addAll(here);
            }
        }
        endListings(connection, listed.declaration(), ended, position);
        rows.into(connection);
        try (PreparedStatement update = connection.prepareStatement(
                "update standing_repertoire set listed = listed + ? where declaration = ?")) {
            update.setLong(1, (long) added.size() - removed.size());
            update.setObject(2, listed.declaration().number());
            update.executeUpdate();
        }
        return new Effect.ListingChanged(position, added, removed);
    }

    private static void endListings(
            Connection connection, DeclarationId repertoire, List<Listings.ListingRow> ended, long position)
            throws SQLException {
        if (ended.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement("update standing_listing l set until_position = ?"
                + " from unnest(?::bytea[], ?::bigint[]) as n (key, position)"
                + " where l.key = n.key and l.declaration = ? and l.position = n.position")) {
            update.setLong(1, position);
            update.setArray(
                    2,
                    SqlArray.keys(
                            connection,
                            ended.stream().map(Listings.ListingRow::key).toList()));
            update.setArray(3, SqlArray.longs(connection, ended.stream().map(Listings.ListingRow::position)));
            update.setObject(4, repertoire.number());
            update.executeUpdate();
        }
    }

    @Override
    public String part() {
        return "declarations: contacts, texts and titles, fingerprints, which cover them, and references";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select h.position from standing_history h"
                        + " join standing_declaration d on d.id = h.declaration where d.party = ?");
                PreparedStatement update = connection.prepareStatement(
                        "update standing_declaration set fingerprint = '' where party = ?")) {
            select.setObject(1, party.number());
            update.setObject(1, party.number());
            update.executeUpdate();
            References.erase(connection, party);
            return ErasureListener.positions(select);
        }
    }

    private static void insertHistory(Connection connection, List<LedgerEntry> entries) throws SQLException {
        RowCopy rows = new RowCopy("standing_history", "declaration", "position");
        for (LedgerEntry entry : entries) {
            rows.row().add(declaration(entry)).add(entry.position());
        }
        rows.into(connection);
    }

    private static void insertDeclarations(Connection connection, List<LedgerEntry> entries) throws SQLException {
        RowCopy rows = new RowCopy(
                "standing_declaration",
                "id",
                "party",
                "declared_at",
                "position",
                "withdrawn",
                "fingerprint",
                "mandate");
        for (LedgerEntry entry : entries) {
            rows.row()
                    .add(declaration(entry))
                    .add(entry.entry().party().number())
                    .add(entry.position())
                    .add(entry.position())
                    .add(false)
                    .add(entry.fingerprint())
                    .addOrNull(mandate((DeclarationEntry.Stated) entry.entry()));
        }
        rows.into(connection);
    }

    private static void insertRepertoires(Connection connection, List<LedgerEntry> entries) throws SQLException {
        RowCopy rows = new RowCopy("standing_repertoire", "declaration", "listed");
        for (LedgerEntry entry : entries) {
            if (((DeclarationEntry.Stated) entry.entry()).content().repertoire() != null) {
                rows.row().add(declaration(entry)).add(0L);
            }
        }
        rows.into(connection);
    }

    private static void updateDeclarations(Connection connection, List<LedgerEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement("update standing_declaration d"
                + " set position = n.position, fingerprint = n.fingerprint"
                + " from unnest(?::uuid[], ?::bigint[], ?::bytea[]) as n (id, position, fingerprint)"
                + " where d.id = n.id")) {
            update.setArray(1, ids(connection, entries));
            update.setArray(2, positions(connection, entries));
            update.setArray(3, fingerprints(connection, entries));
            update.executeUpdate();
        }
    }

    private static void withdrawDeclarations(Connection connection, List<LedgerEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement("update standing_declaration d"
                + " set position = n.position, withdrawn = true"
                + " from unnest(?::uuid[], ?::bigint[]) as n (id, position) where d.id = n.id")) {
            update.setArray(1, ids(connection, entries));
            update.setArray(2, positions(connection, entries));
            update.executeUpdate();
        }
    }

    /**
     * Ends the statements that the entries replace. Runs before the declarations are updated, because their rows name
     * the replaced entries.
     */
    private List<Effect> endStatements(Connection connection, List<LedgerEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return List.of();
        }
        Map<Long, Long> ends = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select d.position, n.position"
                + " from unnest(?::uuid[], ?::bigint[]) as n (id, position) join standing_declaration d using (id)")) {
            select.setArray(1, ids(connection, entries));
            select.setArray(2, positions(connection, entries));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ends.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        List<SubjectKey> keys = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        List<Long> until = new ArrayList<>();
        long ownKeys = 0;
        List<LedgerEntry> ended = ledger.at(connection, ends.keySet());
        for (LedgerEntry replaced : ended) {
            DeclarationEntry.Stated stated = (DeclarationEntry.Stated) replaced.entry();
            ownKeys += stated.content().subjects().stream().distinct().count();
            for (SubjectKey key : subjectsByKey(stated).keySet()) {
                keys.add(key);
                positions.add(replaced.position());
                until.add(ends.get(replaced.position()));
            }
        }
        try (PreparedStatement update = connection.prepareStatement("update standing_statement s"
                + " set until_position = n.until_position"
                + " from unnest(?::bytea[], ?::bigint[], ?::bigint[]) as n (key, position, until_position)"
                + " where s.key = n.key and s.position = n.position")) {
            update.setArray(1, SqlArray.keys(connection, keys));
            update.setArray(2, SqlArray.longs(connection, positions.stream()));
            update.setArray(3, SqlArray.longs(connection, until.stream()));
            // An older release stored a statement under fewer keys, but always under that of each subject.
            if (update.executeUpdate() < ownKeys) {
                throw new IllegalStateException(
                        "statements are stored under other keys than the code computes: rebuild the projections");
            }
        }
        return ended(ended, ends);
    }

    private static void insertStatements(Connection connection, List<LedgerEntry> entries) throws SQLException {
        RowCopy rows = new RowCopy(
                "standing_statement",
                "key",
                "position",
                "declaration",
                "party",
                "subject",
                "stances",
                "address",
                "lasting_address",
                "party_address",
                "valid_from",
                "valid_to",
                "mandate");
        for (LedgerEntry entry : entries) {
            DeclarationEntry.Stated stated = (DeclarationEntry.Stated) entry.entry();
            Content content = stated.content();
            for (Map.Entry<SubjectKey, String> subject : subjectsByKey(stated).entrySet()) {
                rows.row()
                        .add(subject.getKey().toBytes())
                        .add(entry.position())
                        .add(stated.declaration().number())
                        .add(stated.party().number())
                        .add(subject.getValue())
                        .add(content.stances().packed())
                        .add(stated.contact() != Contact.NONE)
                        // A license is a public part of the entry, which erasure does not remove.
                        .add(stated.contact() == Contact.LICENSE)
                        .add(stated.contact() == Contact.OF_PARTY)
                        .add(content.period().from())
                        .add(content.period().to())
                        .addOrNull(mandate(stated));
            }
        }
        rows.into(connection);
    }

    /**
     * Maps each lookup key to the subject stored under it. If two subjects share a key, that of which it is the own key
     * wins, and otherwise the first.
     */
    private static Map<SubjectKey, String> subjectsByKey(DeclarationEntry.Stated stated) {
        if (stated.content().repertoire() != null) {
            return Map.of(Repertoire.keyOf(stated.declaration()), Repertoire.nameOf(stated.declaration()));
        }
        Map<SubjectKey, String> subjects = new LinkedHashMap<>();
        stated.content().subjects().forEach(subject -> subjects.put(subject.key(), subject.canonical()));
        for (Subject subject : stated.content().subjects()) {
            for (Subject as : subject.indexedAs()) {
                subjects.putIfAbsent(as.key(), subject.canonical());
            }
        }
        return subjects;
    }

    private static @Nullable UUID mandate(DeclarationEntry.Stated stated) {
        MandateId mandate = stated.content().mandate();
        return mandate == null ? null : mandate.number();
    }

    private static UUID declaration(LedgerEntry entry) {
        return ((DeclarationEntry) entry.entry()).declaration().number();
    }

    private static Array ids(Connection connection, List<LedgerEntry> entries) throws SQLException {
        return SqlArray.ids(connection, entries.stream().map(StatementProjection::declaration));
    }

    private static Array positions(Connection connection, List<LedgerEntry> entries) throws SQLException {
        return SqlArray.longs(connection, entries.stream().map(LedgerEntry::position));
    }

    private static Array fingerprints(Connection connection, List<LedgerEntry> entries) throws SQLException {
        return SqlArray.bytes(connection, entries.stream().map(LedgerEntry::fingerprint));
    }

    @Override
    public List<String> tables() {
        return List.of(
                "standing_declaration",
                "standing_history",
                "standing_statement",
                "standing_repertoire",
                "standing_listing");
    }
}
