package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.askfirst.id.PartyId;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the index with a plain list of the same history, after every change, merge and restart. */
class LookupIndexTest {
    private static final String LEDGER = "test-log/1";

    @TempDir
    Path folder = Path.of("");

    private static Map<Subject, List<Match>> answers(IndexView view, List<Subject> subjects) {
        Map<Subject, List<Match>> answers = new HashMap<>();
        subjects.forEach(subject -> answers.put(subject, view.reaching(subject)));
        return answers;
    }

    private static Map<Subject, List<Match>> expected(Histories history) {
        Map<Subject, List<Match>> expected = new HashMap<>();
        history.allSubjects().forEach(subject -> expected.put(subject, history.reaching(subject)));
        return expected;
    }

    private static String hash(long position) {
        return String.format("%064x", position);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAsAPlainListDoes(long seed) throws IOException {
        Histories history = new Histories(seed);
        LookupIndex index = LookupIndex.open(folder, LEDGER);
        Map<IndexView, Map<Subject, List<Match>>> snapshots = new HashMap<>();
        int found = 0;
        long contested = 0;
        try {
            for (int step = 0; step < 120; step++) {
                index.apply(history.next(), history.position(), hash(history.position()));
                if (step % 10 == 9) {
                    Map<Subject, List<Match>> expected = expected(history);
                    assertEquals(expected, answers(index.view(), history.allSubjects()), () -> "seed " + seed);
                    snapshots.put(index.view(), expected);
                    found += expected.values().stream().mapToInt(List::size).sum();
                    contested += history.contested();
                }
                if (step % 17 == 16) {
                    index.merge();
                    assertEquals(expected(history), answers(index.view(), history.allSubjects()), "after a merge");
                }
                if (step % 40 == 39) {
                    index.merge();
                    index.close();
                    index = LookupIndex.open(folder, LEDGER);
                    assertNull(index.unusableReason());
                    assertEquals(history.position(), index.origin().position());
                    assertEquals(hash(history.position()), index.origin().leafHash());
                    assertEquals(expected(history), answers(index.view(), history.allSubjects()), "after a restart");
                }
            }
            assertTrue(found > 1_000, "too few statements reached a subject");
            assertTrue(contested > 40, "too few statements were contested: " + contested);
            snapshots.forEach((view, then) -> assertEquals(
                    then, answers(view, history.allSubjects()), () -> "the view at " + view.position() + " changed"));
        } finally {
            index.close();
        }
    }

    @Test
    void whatIsMergedIsByteForByteWhatIsBuilt() throws IOException {
        Histories history = new Histories(42);
        try (LookupIndex index = LookupIndex.open(folder.resolve("merged"), LEDGER)) {
            for (int step = 0; step < 50; step++) {
                index.apply(history.next(), history.position(), hash(history.position()));
            }
            index.merge();
            Path merged = index.view().segments().get(0).path();
            try (LookupIndex other = LookupIndex.open(folder.resolve("built"), LEDGER);
                    SegmentBuilder builder = other.builder()) {
                Segment built = history.built(builder, index.origin());
                other.replace(built);
                assertEquals(-1, Files.mismatch(merged, built.path()));
                assertEquals(
                        answers(index.view(), history.allSubjects()), answers(other.view(), history.allSubjects()));
            }
        }
    }

    @Test
    void rangesHoldWhatLookupsFind() throws IOException {
        Histories history = new Histories(7);
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            for (int step = 0; step < 60; step++) {
                index.apply(history.next(), history.position(), hash(history.position()));
                if (step == 30 || step == 45) {
                    index.merge();
                }
            }
            IndexView view = index.view();
            int keys = 0;
            for (long high = 0; high < 256; high++) {
                for (Map.Entry<org.askfirst.subject.SubjectKey, List<Posting>> one :
                        view.range(high << 56, 8).entrySet()) {
                    assertEquals(high, one.getKey().prefix64() >>> 56);
                    assertEquals(
                            Map.of(one.getKey(), one.getValue()),
                            view.range(one.getKey().prefix64(), 64));
                    keys++;
                }
            }
            for (Subject subject : history.allSubjects()) {
                List<Posting> stated =
                        view.range(subject.key().prefix64(), 64).getOrDefault(subject.key(), List.of()).stream()
                                .filter(posting -> posting.stances() != null)
                                .toList();
                assertEquals(
                        history.reaching(subject).stream()
                                .filter(match -> match.subject().equals(subject.canonical()))
                                .map(match -> match.statement().position())
                                .toList(),
                        stated.stream().map(Posting::position).toList(),
                        subject::canonical);
            }
            assertTrue(keys > 50);
        }
    }

    @Test
    void readersSeeAllOfAnEntryOrNothingOfItWhileEverythingIsMoved() throws Exception {
        Subject one = Subject.parse("url:https://one.example/");
        Subject other = Subject.parse("isbn:9788936434120");
        PartyId party = new PartyId(new UUID(1, 1));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            List<Future<Long>> read = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                read.add(readers.submit(() -> {
                    long lookups = 0;
                    while (!done.get()) {
                        IndexView view = index.view();
                        List<Match> first = view.reaching(one);
                        List<Match> second = view.reaching(other);
                        assertEquals(view.position() == 0 ? 0 : 1, first.size());
                        assertEquals(first.size(), second.size());
                        if (!first.isEmpty()) {
                            assertEquals(
                                    view.position(), first.get(0).statement().position());
                            assertEquals(
                                    view.position(), second.get(0).statement().position());
                        }
                        lookups++;
                    }
                    return lookups;
                }));
            }
            for (long position = 1; position <= 20_000; position++) {
                List<IndexChange> changes = new ArrayList<>();
                for (Subject subject : List.of(one, other)) {
                    if (position > 1) {
                        changes.add(new IndexChange.Ended(subject, position - 1, position));
                    }
                    changes.add(new IndexChange.Kept(
                            subject,
                            new Posting(
                                    party,
                                    position,
                                    Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                                    Contact.OF_TERMS,
                                    false,
                                    Period.ALWAYS)));
                }
                index.apply(changes, position, hash(position));
                if (position % 500 == 0) {
                    index.merge();
                }
            }
            done.set(true);
            for (Future<Long> reader : read) {
                assertTrue(reader.get(1, TimeUnit.MINUTES) > 100, "the readers made too few lookups");
            }
        } finally {
            done.set(true);
            readers.shutdownNow();
        }
    }

    @Test
    void whatWasNotMergedIsGoneAndThePositionSaysSo() throws IOException {
        Histories history = new Histories(3);
        LookupIndex index = LookupIndex.open(folder, LEDGER);
        index.apply(history.next(), history.position(), hash(history.position()));
        index.merge();
        long merged = history.position();
        index.apply(history.next(), history.position(), hash(history.position()));
        index.close();
        try (LookupIndex again = LookupIndex.open(folder, LEDGER)) {
            assertEquals(merged, again.view().position());
        }
    }

    @Test
    void aSecondProcessIsRefused() throws IOException {
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            assertNotNull(index);
            assertThrows(IOException.class, () -> LookupIndex.open(folder, LEDGER));
        }
        LookupIndex.open(folder, LEDGER).close();
    }

    private void someIndex() throws IOException {
        Histories history = new Histories(9);
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            for (int step = 0; step < 40; step++) {
                index.apply(history.next(), history.position(), hash(history.position()));
            }
            index.merge();
        }
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void assertNotTrusted() throws IOException {
        assertNotTrusted(LEDGER);
    }

    private void assertNotTrusted(String ledger) throws IOException {
        try (LookupIndex index = LookupIndex.open(folder, ledger)) {
            assertNotNull(index.unusableReason());
            assertEquals(0, index.view().position());
            assertEquals(0, index.view().keys());
            assertFalse(index.isMergeDue());
        }
    }

    @Test
    void anyChangedByteIsSeen() throws IOException {
        someIndex();
        byte[] whole = Files.readAllBytes(file());
        Path damaged = folder.resolve("damaged");
        for (int at = 0; at < whole.length; at += at < 600 ? 1 : 97) {
            if (at > 600 && at < 4090) {
                at = 4090;
            }
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            Files.write(damaged, changed);
            int where = at;
            assertThrows(IOException.class, () -> Segment.open(damaged), () -> "byte " + where);
        }
        for (int length : new int[] {0, 1, 4095, 4096, whole.length - 8, whole.length - 1}) {
            Files.write(damaged, java.util.Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> Segment.open(damaged), () -> "cut at " + length);
        }
        Files.write(damaged, java.util.Arrays.copyOf(whole, whole.length + 8));
        assertThrows(IOException.class, () -> Segment.open(damaged), "with something behind");
        Files.write(damaged, whole);
        assertEquals(LEDGER, Segment.open(damaged).origin().ledger());
    }

    @Test
    void aDamagedFileIsNotTrusted() throws IOException {
        someIndex();
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(), bytes);
        assertNotTrusted();
    }

    @Test
    void aMissingFileIsNotTrusted() throws IOException {
        someIndex();
        Files.delete(file());
        assertNotTrusted();
    }

    @Test
    void aFileOfAnotherLedgerIsNotTrusted() throws IOException {
        someIndex();
        assertNotTrusted("another-log/2");
    }

    @Test
    void anUnreadableListIsNotTrusted() throws IOException {
        someIndex();
        Files.writeString(folder.resolve("segments"), "nonsense\n");
        assertNotTrusted();
    }

    @Test
    void aFileMadeWithAnotherSuffixListIsNotTrusted() throws IOException {
        try (LookupIndex index = LookupIndex.open(folder, LEDGER);
                SegmentBuilder builder = index.builder()) {
            assertFalse(PublicSuffixes.bundled().version().equals("1999-12-31"));
            index.replace(builder.finish(new Origin(LEDGER, 5, hash(5), "1999-12-31"), PartyRegisterSnapshot.NOTHING));
        }
        assertNotTrusted();
    }

    @Test
    void aFileForOtherRulesIsNotTrusted() throws IOException {
        someIndex();
        byte[] bytes = Files.readAllBytes(file());
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Verdicts.RULES, header.getInt(108));
        header.putInt(108, Verdicts.RULES + 1);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, 4092);
        header.putInt(4092, (int) checksum.getValue());
        Files.write(file(), bytes);
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            assertEquals(0, index.view().keys());
            String reason = index.unusableReason();
            assertTrue(reason != null && reason.contains("rules"), reason);
        }
    }

    @Test
    void entriesThatDoNotFollowAreRefused() throws IOException {
        try (LookupIndex index = LookupIndex.open(folder, LEDGER)) {
            index.apply(List.of(), 3, hash(3));
            assertThrows(IllegalStateException.class, () -> index.apply(List.of(), 3, hash(3)));
            assertThrows(
                    IllegalStateException.class,
                    () -> index.apply(
                            List.of(new IndexChange.Ended(Subject.parse("isbn:9788936434120"), 2, 4)), 4, hash(4)));
        }
    }
}
