package org.askfirst.registry.ledger;

import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Content;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Terms;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the ledger's promises on the real database, with many writers at the same time. */
@QuarkusTest
class LedgerTest extends RegistryTest {
    private static final String RESTRICT_VIOLATION = "23001";

    @Inject
    Ledger ledger;

    @Inject
    LedgerStore store;

    @Inject
    ProjectionRebuild rebuild;

    @Inject
    DataSource dataSource;

    private static Authority authority(Party party) {
        return Authority.of(sha256(party.key()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static PartyId id(Party party) {
        return PartyId.parse(party.id()).orElseThrow();
    }

    private static Content content(String subject, Terms terms) {
        return new Content(
                List.of(Subject.parse(subject)),
                Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                terms,
                Period.ALWAYS,
                null);
    }

    private static Terms purpose(String purpose) {
        return new Terms(null, null, null, null, null, purpose, List.of(), List.of(), null);
    }

    private static Proposal declaring(Party party, String subject) {
        return declaring(party, subject, null, null);
    }

    private static Proposal declaring(
            Party party, String subject, @Nullable String purpose, Proposal.@Nullable Idempotency idempotency) {
        DeclarationEntry.Stated entry = new DeclarationEntry.Stated(
                false,
                false,
                new DeclarationId(UUID.randomUUID()),
                id(party),
                content(subject, purpose == null ? Terms.NONE : purpose(purpose)),
                false,
                null);
        return Proposal.of(entry, authority(party)).with(Proposal.Request.PLAIN.with(idempotency));
    }

    private Proposal.Outcome append(Proposal proposal) {
        return Ledger.await(ledger.propose(proposal));
    }

    private static ProblemException refusal(CompletionStage<Proposal.Outcome> outcome) {
        return assertThrows(ProblemException.class, () -> Ledger.await(outcome));
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertTrue(row.next());
            return row.getLong(1);
        }
    }

    /** Proposes all in one group: the appender waits for the lock until all are queued. */
    private List<CompletionStage<Proposal.Outcome>> together(List<Proposal> proposals) throws SQLException {
        List<CompletionStage<Proposal.Outcome>> outcomes = new ArrayList<>();
        // Before the lock, because opening a party is an entry.
        Party first = opener();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            store.lock(connection);
            // The first proposal makes the appender wait for this test's lock. The others gather in the meantime.
            CompletionStage<Proposal.Outcome> blocked = ledger.propose(declaring(first, Names.url()));
            awaitWaitingAppender();
            proposals.forEach(proposal -> outcomes.add(ledger.propose(proposal)));
            connection.rollback();
            Ledger.await(blocked);
        }
        return outcomes;
    }

    private static Party opener() {
        return Party.open();
    }

    private void awaitWaitingAppender() throws SQLException {
        while (count("select count(*) from pg_locks where locktype = 'advisory' and not granted") == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void manyWritersGetGaplessPositionsInTheOrderOfCommit() throws Exception {
        List<Party> parties = List.of(Party.open(), Party.open(), Party.open(), Party.open());
        int threads = 24;
        int each = 40;
        long before = store.head().position();
        ConcurrentLinkedQueue<Long> positions = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Party party = parties.get(t % parties.size());
                running.add(pool.submit(() -> {
                    long own = 0;
                    for (int i = 0; i < each; i++) {
                        long committed = head();
                        long position = append(declaring(party, Names.url())).position();
                        assertTrue(position > own, "the entries of a thread are not in its order");
                        assertTrue(position > committed, "an entry got a position before a committed entry");
                        assertTrue(head() >= position, "an acknowledged entry cannot be read");
                        own = position;
                        positions.add(position);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdown();
        }
        TreeSet<Long> all = new TreeSet<>(positions);
        assertEquals(threads * each, all.size(), "two entries got the same position");
        assertEquals(before + 1, all.first());
        assertEquals(before + (long) threads * each, all.last(), "there is a gap in the positions");
    }

    private long head() throws SQLException {
        return store.head().position();
    }

    @Test
    void proposalsThatComeTogetherShareOneCommit() throws SQLException {
        Party party = Party.open();
        List<Proposal> proposals = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            proposals.add(declaring(party, Names.url()));
        }
        List<Long> positions = new ArrayList<>();
        Set<Long> transactions = new TreeSet<>();
        for (CompletionStage<Proposal.Outcome> outcome : together(proposals)) {
            long position = Ledger.await(outcome).position();
            positions.add(position);
            transactions.add(count("select xmin::text::bigint from ledger_entry where position = " + position));
        }
        List<Long> sorted = new ArrayList<>(positions);
        Collections.sort(sorted);
        assertEquals(sorted, positions, "the entries are not in the order of the proposals");
        assertEquals(1, transactions.size(), "the entries are not in one transaction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_entry set canonical = '{}' where position = 1",
                "update ledger_entry set position = position where false",
                "delete from ledger_entry where position = 1",
                "delete from ledger_entry where false",
                "truncate ledger_entry cascade",
                "insert into ledger_entry select * from ledger_entry where position = 1"
                        + " on conflict (position) do update set canonical = '{}'",
                "update ledger_confidential set content = '{}'",
                "update ledger_confidential set salt = salt where false",
                "truncate ledger_confidential"
            })
    void theDatabaseItselfRefusesToRewrite(String sql) throws SQLException {
        append(declaring(Party.open(), Names.url()));
        long entries = count("select count(*) from ledger_entry");
        assertTrue(entries > 0, "there is nothing to rewrite");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            SQLException refusal = assertThrows(SQLException.class, () -> statement.execute(sql));
            assertEquals(RESTRICT_VIOLATION, refusal.getSQLState(), refusal.getMessage());
        }
        assertEquals(entries, count("select count(*) from ledger_entry"));
    }

    @Test
    void aPositionCannotBeTakenTwiceNorBeZero() throws SQLException {
        append(declaring(Party.open(), Names.url()));
        for (String position : List.of("1", "0", "-1")) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThrows(
                        SQLException.class,
                        () -> statement.execute("insert into ledger_entry select " + position
                                + ", recorded_at, canonical, leaf_hash from ledger_entry limit 1"));
            }
        }
    }

    @Test
    void aConfidentialPartCanBeDeleted() throws SQLException {
        Party party = Party.open();
        Confidential confidential = new Confidential("mailto:a@example.com", null, null, null, null);
        long position = append(Proposal.confidential(
                        confidential,
                        authority(party),
                        commitment -> new DeclarationEntry.Stated(
                                false,
                                false,
                                new DeclarationId(UUID.randomUUID()),
                                id(party),
                                content(Names.url(), Terms.NONE),
                                false,
                                commitment)))
                .position();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertEquals(1, statement.executeUpdate("delete from ledger_confidential where position = " + position));
            // The entry itself cannot be deleted, also not together with its confidential part.
            SQLException refusal = assertThrows(
                    SQLException.class,
                    () -> statement.execute("delete from ledger_entry where position = " + position));
            assertEquals(RESTRICT_VIOLATION, refusal.getSQLState(), refusal.getMessage());
            connection.rollback();
        }
        assertEquals(1, count("select count(*) from ledger_confidential where position = " + position));
        assertEquals(1, count("select count(*) from ledger_entry where position = " + position));
    }

    @Test
    void aPoisonousProposalDoesNotHarmTheOthersOfItsGroup() throws SQLException {
        Party party = Party.open();
        List<CompletionStage<Proposal.Outcome>> outcomes = together(List.of(
                declaring(party, Names.url()),
                declaring(party, Names.url(), "no canonical text: \ud800", null),
                declaring(party, Names.url()),
                declaring(party, Names.url(), "no text for the database: \u0000", null),
                declaring(party, Names.url())));
        for (int good : new int[] {0, 2, 4}) {
            Proposal.Outcome outcome = Ledger.await(outcomes.get(good));
            assertTrue(outcome.fresh());
            assertEquals(1, store.at(List.of(outcome.position())).size());
        }
        assertEquals(Problem.INTERNAL_ERROR, refusal(outcomes.get(1)).problem());
        // Canonical JSON escapes this character, so the text is valid.
        assertTrue(Ledger.await(outcomes.get(3)).fresh());
    }

    @Test
    void aProposalThatTheDatabaseRefusesDoesNotHarmTheOthers() throws SQLException {
        Party party = Party.open();
        Confidential confidential = new Confidential("mailto:a@example.com", null, null, null, null);
        DeclarationId id = new DeclarationId(new UUID(0, 1));
        Proposal first = Proposal.confidential(
                confidential,
                authority(party),
                commitment -> new DeclarationEntry.Stated(
                        false, false, id, id(party), content(Names.url(), Terms.NONE), false, commitment));
        DeclarationEntry.Stated other =
                new DeclarationEntry.Stated(false, false, id, id(party), content(Names.url(), Terms.NONE), false, null);
        Proposal sameId = Proposal.of(other, authority(party));
        List<CompletionStage<Proposal.Outcome>> outcomes =
                together(List.of(first, sameId, declaring(party, Names.url())));
        assertTrue(Ledger.await(outcomes.get(0)).fresh());
        assertEquals(Problem.INTERNAL_ERROR, refusal(outcomes.get(1)).problem());
        assertTrue(Ledger.await(outcomes.get(2)).fresh());
    }

    @Test
    void theSameDeclarationTwiceIsOneEntry() {
        Party party = Party.open();
        String subject = Names.url();
        Proposal.Outcome first = append(declaring(party, subject));
        Proposal.Outcome second = append(declaring(party, subject));
        assertTrue(first.fresh());
        assertFalse(second.fresh());
        assertNull(second.recorded());
        assertEquals(first.position(), second.position());
        assertNotEquals(
                first.position(),
                append(declaring(Party.open(), subject)).position(),
                "another party's declaration was taken for the first");
    }

    @Test
    void theSameDeclarationTwiceAtOnceIsOneEntryForAllIdempotencyKeys() throws SQLException {
        Party party = Party.open();
        String subject = Names.url();
        List<CompletionStage<Proposal.Outcome>> outcomes = together(List.of(
                declaring(party, subject),
                declaring(party, subject, null, new Proposal.Idempotency("one", sha256("one"))),
                declaring(party, subject),
                declaring(party, subject, null, new Proposal.Idempotency("two", sha256("two"))),
                declaring(party, subject, null, new Proposal.Idempotency("one", sha256("one")))));
        Set<Long> positions = new TreeSet<>();
        outcomes.forEach(outcome -> positions.add(Ledger.await(outcome).position()));
        assertEquals(1, positions.size(), "one entry, not " + positions);
    }

    private static Proposal referring(Party party, String subject, String reference) {
        return declaring(party, subject).with(Proposal.Request.PLAIN.referring(reference));
    }

    private static Proposal rehearsing(Party party, String subject) {
        return declaring(party, subject).with(Proposal.Request.PLAIN.rehearsing(true));
    }

    private static boolean repeats(Proposal second, Proposal first) {
        first.prepare();
        second.prepare();
        return second.repeats(first);
    }

    @Test
    void equalRequestsAreDecidedTogether() {
        Party party = Party.open();
        String subject = Names.url();
        assertTrue(repeats(declaring(party, subject), declaring(party, subject)));
        assertTrue(repeats(referring(party, subject, "x"), referring(party, subject, "x")));
        assertTrue(repeats(rehearsing(party, subject), rehearsing(party, subject)));
        assertFalse(repeats(referring(party, subject, "x"), referring(party, subject, "y")));
        assertFalse(repeats(declaring(party, subject), rehearsing(party, subject)));
        assertFalse(repeats(rehearsing(party, subject), declaring(party, subject)));
        Proposal.Idempotency key = new Proposal.Idempotency("k", sha256("request"));
        assertFalse(repeats(declaring(party, subject, null, key), declaring(party, subject, null, key)));
    }

    @Test
    void repeatedRehearsalsAreAnsweredAlikeAndRecordNothing() throws SQLException {
        Party party = Party.open();
        String subject = Names.url();
        List<CompletionStage<Proposal.Outcome>> outcomes = together(List.of(
                rehearsing(party, subject),
                rehearsing(party, subject),
                declaring(party, subject),
                rehearsing(party, subject),
                rehearsing(party, subject)));
        assertEquals(new Proposal.Outcome(0, true, null, null), Ledger.await(outcomes.get(0)));
        assertEquals(new Proposal.Outcome(0, true, null, null), Ledger.await(outcomes.get(1)));
        Proposal.Outcome recorded = Ledger.await(outcomes.get(2));
        assertTrue(recorded.fresh());
        Proposal.Outcome exists = new Proposal.Outcome(recorded.position(), false, null, null);
        assertEquals(exists, Ledger.await(outcomes.get(3)));
        assertEquals(exists, Ledger.await(outcomes.get(4)));
    }

    @Test
    void aRepetitionDoesNotOvertakeAnotherReference() throws SQLException {
        Party party = Party.open();
        String subject = Names.url();
        Proposal first = referring(party, subject, "x");
        together(List.of(first, referring(party, subject, "y"), referring(party, subject, "x")))
                .forEach(Ledger::await);
        DeclarationId id = ((DeclarationEntry.Stated) first.entry()).declaration();
        assertEquals("x", party.asks().get("/v1/declarations/" + id).path("reference"));
    }

    @Test
    void anActWaitsWithItsSenderForAnEarlierOneThatItConflictsWith() throws Exception {
        Party party = Party.open();
        DeclarationId id = new DeclarationId(UUID.randomUUID());
        String subject = Names.url();
        Proposal withdrawn = Proposal.of(new DeclarationEntry.Withdrawn(id, id(party)), authority(party));
        Proposal declared = referring(party, subject, "x");
        UnderWay underWay = new UnderWay();
        for (Proposal proposal : List.of(withdrawn, declared)) {
            underWay.await(proposal);
            underWay.add(proposal);
        }
        underWay.await(referring(party, subject, "x"));
        underWay.await(declaring(party, Names.url()));
        Map<Proposal, Proposal> later = Map.of(
                Proposal.of(new DeclarationEntry.Withdrawn(id, id(party)), authority(party)),
                withdrawn,
                referring(party, subject, "y"),
                declared);
        for (Map.Entry<Proposal, Proposal> pair : later.entrySet()) {
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> underWay.await(pair.getKey()));
            assertThrows(TimeoutException.class, () -> waiting.get(200, TimeUnit.MILLISECONDS));
            pair.getValue().outcome().complete(new Proposal.Outcome(1, false, null, null));
            waiting.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void anActThatIsSettledIsNotKept() {
        Party party = Party.open();
        UnderWay underWay = new UnderWay();
        for (int i = 0; i < 100; i++) {
            Proposal proposal = declaring(party, Names.url());
            underWay.await(proposal);
            underWay.add(proposal);
            proposal.outcome().complete(new Proposal.Outcome(1, false, null, null));
        }
        assertEquals(1, underWay.size());
    }

    @Test
    void aRepeatedRequestIsAnsweredAsTheFirstWas() {
        Party party = Party.open();
        String subject = Names.url();
        Proposal.Idempotency key = new Proposal.Idempotency("k", sha256("request"));
        Proposal.Outcome first = append(declaring(party, subject, null, key));
        Proposal.Outcome repeated = append(declaring(party, subject, null, key));
        assertEquals(first.position(), repeated.position());
        assertTrue(repeated.fresh(), "the first request created the entry");
        Proposal.Idempotency other = new Proposal.Idempotency("other", sha256("request"));
        assertFalse(append(declaring(party, subject, null, other)).fresh());
        assertFalse(append(declaring(party, subject, null, other)).fresh(), "the first request created nothing");
    }

    @Test
    void anIdempotencyKeyIsForOneRequestOnly() throws SQLException {
        Party party = Party.open();
        Proposal.Idempotency one = new Proposal.Idempotency("k", sha256("one"));
        Proposal.Idempotency other = new Proposal.Idempotency("k", sha256("other"));
        List<CompletionStage<Proposal.Outcome>> outcomes = together(List.of(
                declaring(party, Names.url(), null, one),
                declaring(party, Names.url(), null, other),
                declaring(Party.open(), Names.url(), null, other)));
        assertTrue(Ledger.await(outcomes.get(0)).fresh());
        assertEquals(Problem.IDEMPOTENCY_KEY_REUSED, refusal(outcomes.get(1)).problem());
        assertTrue(Ledger.await(outcomes.get(2)).fresh(), "the key of one party blocked another party's");
    }

    @Test
    void anIdempotencyKeyOfAnExistingEntryIsUsedToo() {
        Party party = Party.open();
        String subject = Names.url();
        append(declaring(party, subject));
        append(declaring(party, subject, null, new Proposal.Idempotency("k", sha256("one"))));
        ProblemException refusal = refusal(
                ledger.propose(declaring(party, Names.url(), null, new Proposal.Idempotency("k", sha256("other")))));
        assertEquals(Problem.IDEMPOTENCY_KEY_REUSED, refusal.problem());
    }

    @Test
    void changesOfOneDeclarationAreDecidedOneAfterAnother() throws SQLException {
        Party party = Party.open();
        Proposal.Outcome declared = append(declaring(party, Names.url()));
        DeclarationId id = ((DeclarationEntry.Stated)
                        java.util.Objects.requireNonNull(declared.recorded()).entry())
                .declaration();
        List<Proposal> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            DeclarationEntry.Stated amended = new DeclarationEntry.Stated(
                    true, false, id, id(party), content(Names.url(), Terms.NONE), false, null);
            changes.add(Proposal.of(amended, authority(party)));
        }
        changes.add(Proposal.of(new DeclarationEntry.Withdrawn(id, id(party)), authority(party)));
        changes.add(Proposal.of(new DeclarationEntry.Withdrawn(id, id(party)), authority(party)));
        DeclarationEntry.Stated late =
                new DeclarationEntry.Stated(true, false, id, id(party), content(Names.url(), Terms.NONE), false, null);
        changes.add(Proposal.of(late, authority(party)));
        List<CompletionStage<Proposal.Outcome>> outcomes = together(changes);
        long last = declared.position();
        for (int i = 0; i < 6; i++) {
            long position = Ledger.await(outcomes.get(i)).position();
            assertTrue(position > last, "the changes are not in the order of the proposals");
            last = position;
        }
        assertEquals(last, Ledger.await(outcomes.get(6)).position(), "the declaration was withdrawn twice");
        assertEquals(Problem.ALREADY_WITHDRAWN, refusal(outcomes.get(7)).problem());
    }

    @Test
    void actsAfterAnErasureAreRefusedAndActsBeforeAreRecorded() throws SQLException {
        Party party = Party.open();
        Party other = Party.open();
        String subject = Names.url();
        Proposal erasing = Proposal.of(new AccountEntry.Erased(id(party)), authority(party));
        Proposal repeated = Proposal.of(new AccountEntry.Erased(id(party)), authority(party));
        List<CompletionStage<Proposal.Outcome>> outcomes = together(List.of(
                declaring(party, subject),
                erasing,
                declaring(party, subject),
                declaring(party, Names.url()),
                repeated,
                declaring(other, Names.url())));
        assertTrue(Ledger.await(outcomes.get(0)).fresh());
        assertTrue(Ledger.await(outcomes.get(1)).fresh());
        assertTrue(Ledger.await(outcomes.get(5)).fresh());
        for (int late : new int[] {2, 3, 4}) {
            assertEquals(Problem.UNAUTHENTICATED, refusal(outcomes.get(late)).problem());
        }
    }

    @Test
    void theSameProofTwiceAtOnceIsOneEntry() throws SQLException {
        Party party = Party.open();
        Subject site = Subject.parse("domain:" + Names.domain());
        Authority operator = Authority.of(sha256(Party.operatorKey()));
        List<Proposal> proofs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Confidential reason = Confidential.ofReason("A letter that was seen");
            proofs.add(Proposal.confidential(
                    reason,
                    operator,
                    commitment -> new ControlEntry.ControlProved(id(party), site, ControlMethod.OPERATOR, commitment)));
        }
        Set<Long> positions = new TreeSet<>();
        together(proofs).forEach(outcome -> positions.add(Ledger.await(outcome).position()));
        assertEquals(1, positions.size(), "one entry, not " + positions);
    }

    @Test
    void aKeyThatDoesNotWorkAppendsNothing() throws SQLException {
        Party party = Party.open();
        Party other = Party.open();
        DeclarationEntry.Stated entry =
                (DeclarationEntry.Stated) declaring(party, Names.url()).entry();
        long before = store.head().position();
        assertEquals(
                Problem.UNAUTHENTICATED,
                refusal(ledger.propose(Proposal.of(entry, Authority.of(new byte[32]))))
                        .problem());
        assertEquals(
                Problem.FORBIDDEN,
                refusal(ledger.propose(Proposal.of(entry, authority(other)))).problem());
        assertEquals(
                Problem.FORBIDDEN,
                refusal(ledger.propose(Proposal.of(entry, Authority.of(sha256(Party.operatorKey())))))
                        .problem());
        assertEquals(before, store.head().position());
    }

    @Test
    void everyProjectionIsRebuiltToTheSameBytes() throws SQLException {
        Party party = Party.openReachable();
        String url = Names.url();
        String amended = party.reserves(url, Names.file());
        party.amending(amended, permittedWithTerms("ai-input").with(terms().member("text", "Ring twice")))
                .statusCode(200);
        String withdrawn = party.reserves(Names.url());
        party.withdrawing(withdrawn).statusCode(200);
        party.declares(reserved("ai-training").ofWork(Map.of("title", "봄의 끝과 시작")));
        party.controls("domain:" + Names.domain());
        Party closed = Party.openReachable();
        closed.declares(reserved("ai-input")
                .of(Names.url())
                .with(terms().member("text", "Ring thrice").license("https://example.com/licence")));
        closes(closed);
        Map<String, List<String>> before = projections();
        assertTrue(before.values().stream().noneMatch(List::isEmpty), "there is nothing to rebuild");
        rebuild.rebuild(position -> {});
        assertEquals(before, projections());
    }

    @Test
    void theLastEntryBeforeAMomentIsFound() throws SQLException {
        Party party = Party.open();
        append(declaring(party, Names.url()));
        append(declaring(party, Names.url()));
        long head = append(declaring(party, Names.url())).position();
        assertEquals(0, store.headAt(Instant.EPOCH).position(), "at a time before the first entry");
        List<LedgerEntry> entries = store.after(head - 3, 3);
        long last = head;
        for (int i = entries.size() - 1; i >= 0; i--) {
            LedgerEntry entry = entries.get(i);
            assertEquals(last, store.headAt(entry.recordedAt()).position(), "at the time of an entry");
            Instant justBefore = entry.recordedAt().minus(1, ChronoUnit.MICROS);
            last = store.headAt(justBefore).position();
            assertTrue(last < entry.position(), "one microsecond before an entry");
        }
        assertEquals(
                store.head(),
                store.headAt(TestClock.ofService().instant().plusSeconds(86_400)),
                "at a time in the future");
    }

    private Map<String, List<String>> projections() throws SQLException {
        Map<String, List<String>> tables = new java.util.TreeMap<>();
        for (String table : List.of(
                "standing_declaration", "standing_history", "standing_statement", "party_control", "party_erasure")) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select t::text from " + table + " t order by 1")) {
                List<String> rows = new ArrayList<>();
                while (row.next()) {
                    rows.add(row.getString(1));
                }
                tables.put(table, rows);
            }
        }
        return tables;
    }

    @Test
    void thereIsAlwaysAnotherGroup() throws ExecutionException, InterruptedException, SQLException {
        // The appender continues after every outcome of a group.
        Party party = Party.open();
        Proposal declared = declaring(party, Names.url());
        append(declared);
        DeclarationEntry.Stated sameId = new DeclarationEntry.Stated(
                false,
                false,
                ((DeclarationEntry.Stated) declared.entry()).declaration(),
                id(party),
                content(Names.url(), Terms.NONE),
                false,
                null);
        CountDownLatch completed = new CountDownLatch(1);
        var unused = ledger.propose(Proposal.of(sameId, authority(party))).whenComplete((outcome, failure) -> {
            completed.countDown();
            throw new IllegalStateException("the code that waits for an outcome may fail too");
        });
        completed.await();
        assertTrue(append(declaring(party, Names.url())).fresh());
    }
}
