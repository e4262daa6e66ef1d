package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostingRowTest {
    private static final String LEDGER = "registry.example/";

    @TempDir
    Path folder = Path.of("");

    private static List<PostingRow> rows(Segment segment) {
        List<PostingRow> rows = new ArrayList<>();
        segment.rows().forEachRemaining(rows::add);
        return rows;
    }

    /** Returns what a join by key gives for a subject. */
    private static List<PostingRow> joined(Subject subject, List<PostingRow> rows) {
        Set<SubjectKey> keys = new HashSet<>();
        Expansion expansion = subject.expand();
        for (int i = 0; i < expansion.size(); i++) {
            keys.add(expansion.key(i));
        }
        return rows.stream().filter(row -> keys.contains(row.key())).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theRowsOfTheKeysAnswerAsTheSegmentDoes(long seed) throws IOException {
        Histories history = new Histories(seed);
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            for (int i = 0; i < 120; i++) {
                index.apply(history.next(), history.position(), String.format("%064x", history.position()));
            }
            Segment segment = index.cut().writeAll(folder.resolve("all.segment"));
            List<PostingRow> rows = rows(segment);
            IndexView whole = IndexView.of(segment);
            IndexView empty = IndexView.of(segment.origin().position(), whole.partySnapshot());
            List<PostingRow> ofSeveral = new ArrayList<>();
            int matches = 0;
            int listed = 0;
            for (Subject subject : history.allSubjects()) {
                List<PostingRow> joined = joined(subject, rows);
                List<Match> found = empty.with(joined).reaching(subject);
                assertEquals(whole.reaching(subject), found, () -> subject + ", seed " + seed);
                ofSeveral.addAll(joined);
                matches += found.size();
                listed += (int)
                        found.stream().filter(match -> match.listedAt() > 0).count();
            }
            assertTrue(matches > 50 && listed > 0, () -> "too few matches for a test, seed " + seed);
            assertEquals(
                    whole.reaching(history.allSubjects()), empty.with(ofSeveral).reaching(history.allSubjects()));
        }
    }

    @Test
    void rowsAreInTheOrderOfSignedPrefixes() throws IOException {
        Histories history = new Histories(11);
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            for (int i = 0; i < 60; i++) {
                index.apply(history.next(), history.position(), String.format("%064x", history.position()));
            }
            Segment segment = index.cut().writeAll(folder.resolve("all.segment"));
            List<PostingRow> rows = rows(segment);
            for (int i = 1; i < rows.size(); i++) {
                SubjectKey before = rows.get(i - 1).key();
                SubjectKey key = rows.get(i).key();
                assertTrue(before.prefix64() < key.prefix64()
                        || (before.prefix64() == key.prefix64() && before.compareTo(key) <= 0));
            }
            assertTrue(rows.get(0).key().prefix64() < 0);
            assertTrue(rows.get(rows.size() - 1).key().prefix64() > 0);
            long[] prefixes = segment.sitePrefilterPrefixes().toArray();
            assertTrue(prefixes.length > 2);
            for (Subject subject : history.allSubjects()) {
                if (!IndexView.of(segment).reaching(subject).isEmpty()) {
                    subject.sitePrefilter()
                            .ifPresent(site -> assertTrue(
                                    segment.sitePrefilterPrefixes().anyMatch(one -> one == site.prefix64()),
                                    subject::toString));
                }
            }
        }
    }

    @Test
    void anEmptySegmentHasNoRows() throws IOException {
        try (LookupIndex index = LookupIndex.open(folder.resolve("index"), LEDGER)) {
            Iterator<PostingRow> rows =
                    index.cut().writeAll(folder.resolve("all.segment")).rows();
            assertFalse(rows.hasNext());
            assertThrows(NoSuchElementException.class, rows::next);
        }
    }
}
