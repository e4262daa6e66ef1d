package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.subject.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexCutTest {
    private static final String LEDGER = "registry.example/";

    @TempDir
    Path folder = Path.of("");

    private int files;

    private Path file() {
        return folder.resolve(files++ + ".segment");
    }

    private static void step(LookupIndex index, Histories history) {
        index.apply(history.next(), history.position(), String.format("%064x", history.position()));
    }

    private static Map<Subject, List<Match>> answers(IndexView view, Histories history) {
        Map<Subject, List<Match>> answers = new HashMap<>();
        for (Subject subject : history.allSubjects()) {
            List<Match> reaching = new ArrayList<>(view.reaching(subject));
            reaching.sort(Comparator.comparing(Object::toString));
            answers.put(subject, reaching);
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aReleaseAndItsChangesAnswerAsTheIndexDoes(long seed) throws IOException {
        Histories history = new Histories(seed);
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            for (int i = 0; i < 20; i++) {
                step(index, history);
            }
            List<Segment> chain = new ArrayList<>(List.of(index.cut().writeAll(file())));
            int found = 0;
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 1 + round * 2; i++) {
                    step(index, history);
                    if (i % 5 == 4) {
                        index.merge();
                    }
                }
                IndexCut cut = index.cut();
                assertEquals(history.position(), cut.origin().position());
                Map<Subject, List<Match>> expected = answers(index.view(), history);
                assertTrue(cut.remembersSince(chain.get(0).origin()));
                Segment changes = cut.writeChanges(file());
                Segment compared = cut.writeDifference(List.copyOf(chain), file());
                assertEquals(expected, answers(IndexView.of(with(compared, chain)), history), "by comparison");
                assertTrue(compared.keys() <= changes.keys(), "a comparison finds what is equal again");
                chain.add(0, changes);
                assertEquals(expected, answers(IndexView.of(chain), history), "by changes");
                assertEquals(expected, answers(IndexView.of(cut.writeAll(file())), history), "a release");
                found += expected.values().stream().mapToInt(List::size).sum();
            }
            Segment joined = IndexCut.join(chain.subList(0, chain.size() - 1), file());
            Map<Subject, List<Match>> expected = answers(index.view(), history);
            assertEquals(
                    expected,
                    answers(IndexView.of(with(joined, chain.subList(chain.size() - 1, chain.size()))), history));
            assertEquals(history.position(), joined.origin().position());
            assertTrue(found > 1_000, "too few statements reached a subject");
        }
    }

    private static List<Segment> with(Segment newest, List<Segment> older) {
        List<Segment> all = new ArrayList<>(List.of(newest));
        all.addAll(older);
        return all;
    }

    @Test
    void aCutIsTheSameUntilSomethingHappens() throws IOException {
        Histories history = new Histories(9);
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            step(index, history);
            IndexCut cut = index.cut();
            assertEquals(cut, index.cut());
            step(index, history);
            assertNotEquals(cut, index.cut());
        }
    }

    @Test
    void aReleaseIsByteForByteWhatAnotherNodeWrites() throws IOException {
        Histories one = new Histories(11);
        Histories other = new Histories(11);
        Path first = file();
        Path second = file();
        try (LookupIndex index = LookupIndex.open(folder.resolve("one"), LEDGER);
                LookupIndex merged = LookupIndex.open(folder.resolve("other"), LEDGER)) {
            for (int i = 0; i < 60; i++) {
                step(index, one);
                step(merged, other);
                if (i % 7 == 0) {
                    merged.merge();
                }
            }
            index.cut().writeAll(first);
            merged.cut().writeAll(second);
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    @Test
    void afterARestartChangesAreFoundByComparison() throws IOException {
        Histories history = new Histories(12);
        List<Segment> chain = new ArrayList<>();
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            for (int i = 0; i < 30; i++) {
                step(index, history);
            }
            chain.add(index.cut().writeAll(file()));
            step(index, history);
            index.merge();
        }
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            for (int i = 0; i < 10; i++) {
                step(index, history);
            }
            IndexCut cut = index.cut();
            assertFalse(cut.remembersSince(chain.get(0).origin()));
            assertThrows(IllegalStateException.class, () -> cut.writeChanges(file()));
            chain.add(0, cut.writeDifference(List.copyOf(chain), file()));
            assertEquals(answers(index.view(), history), answers(IndexView.of(chain), history));
            assertEquals(history.position(), chain.get(0).origin().position());
        }
    }
}
