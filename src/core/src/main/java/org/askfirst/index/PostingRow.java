package org.askfirst.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.DeclarationId;
import org.askfirst.subject.SubjectKey;

/**
 * A posting beside its key, as a table has it that other engines join. The listing of a repertoire is one row with the
 * repertoire's statement, so that no second search is needed.
 *
 * @param key the key
 * @param posting the posting. For a listed subject it is the repertoire's statement: {@link Posting#position} is that of
 *     the statement, {@link Posting#repertoire} is set, and {@link Posting#otherSubject} is the listing's
 * @param listedAt the position of the entry that lists the subject; 0 if no repertoire lists it
 */
public record PostingRow(SubjectKey key, Posting posting, long listedAt) {
    public PostingRow {
        if ((posting.repertoire() == null) != (listedAt == 0)) {
            throw new IllegalArgumentException("a listing has a repertoire and a position");
        }
    }

    /**
     * Returns the postings of each key as an index keeps them: all that the rows name, and for each listing the statement
     * of its repertoire under the repertoire's own key. A repeated row counts once.
     */
    static Map<SubjectKey, long[]> byKey(Iterable<PostingRow> rows) {
        Map<SubjectKey, Set<Stored>> stored = new HashMap<>();
        for (PostingRow row : rows) {
            Posting posting = row.posting;
            long[] longs = new long[Posting.LONGS];
            DeclarationId repertoire = posting.repertoire();
            if (repertoire == null) {
                posting.write(longs, 0);
            } else {
                new Listing(repertoire, row.listedAt, posting.otherSubject()).write(longs, 0);
                long[] statement = new long[Posting.LONGS];
                posting.ofRepertoire().write(statement, 0);
                stored.computeIfAbsent(Repertoire.keyOf(repertoire), key -> new LinkedHashSet<>())
                        .add(new Stored(statement));
            }
            stored.computeIfAbsent(row.key, key -> new LinkedHashSet<>()).add(new Stored(longs));
        }
        Map<SubjectKey, long[]> byKey = new HashMap<>();
        stored.forEach((key, postings) -> byKey.put(key, joined(postings)));
        return byKey;
    }

    /** Joins postings in the order in which a segment has them. */
    private static long[] joined(Set<Stored> postings) {
        List<Stored> inOrder = new ArrayList<>(postings);
        inOrder.sort(Comparator.comparing(Stored::word, Long::compareUnsigned));
        long[] longs = new long[inOrder.size() * Posting.LONGS];
        for (int i = 0; i < inOrder.size(); i++) {
            System.arraycopy(inOrder.get(i).longs, 0, longs, i * Posting.LONGS, Posting.LONGS);
        }
        return longs;
    }

    /** A posting in its form in memory, compared by its content. */
    private static final class Stored {
        private final long[] longs;

        Stored(long[] longs) {
            this.longs = longs;
        }

        long word() {
            return longs[Posting.WORD];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Stored stored && Arrays.equals(longs, stored.longs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(longs);
        }
    }
}
