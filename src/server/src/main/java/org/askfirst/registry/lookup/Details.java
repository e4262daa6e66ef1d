package org.askfirst.registry.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.EntrySummary;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.registry.ledger.DatabaseWatch;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer that the index does not have: the entry of a statement, with its terms, and the name and
 * contact of its party.
 *
 * <p>Entries are immutable and names change rarely, so both are cached for 5 minutes. The index knows when a party
 * changed its name and contact, so a change is served at once. Data of erased parties is never served from the cache:
 * the index knows which parties are erased, and their data is read again each time.
 */
@ApplicationScoped
class Details {
    /** Maximal sum of {@link #weight}s in the cache of entries; a weight of 1 is about 150 bytes. */
    private static final int MOST_WEIGHT = 200_000;

    private static final int MOST_FACES = 50_000;
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Parties.Face FACELESS = new Parties.Face(null, null, false);

    private final LedgerStore ledger;
    private final Parties parties;
    private final Measures measures;
    private final DatabaseWatch watch;
    private final Cache<Long, EntrySummary> entries = Caffeine.newBuilder()
            .maximumWeight(MOST_WEIGHT)
            .weigher((Long position, EntrySummary entry) -> weight(entry))
            .expireAfterWrite(KEEP)
            .build();
    private final Cache<PartyId, CachedFace> faces =
            Caffeine.newBuilder().maximumSize(MOST_FACES).expireAfterWrite(KEEP).build();

    /**
     * A name and a contact.
     *
     * @param describedAt the position of the party's last change, in the index, when they were read
     */
    private record CachedFace(Parties.Face face, long describedAt) {}

    Details(LedgerStore ledger, Parties parties, Measures measures, DatabaseWatch watch) {
        this.measures = measures;
        this.watch = watch;
        this.ledger = ledger;
        this.parties = parties;
    }

    private static int weight(EntrySummary entry) {
        return 4 + entry.content().subjects().size();
    }

    /**
     * The details of some statements.
     *
     * @param entries by position
     * @param faces names and contacts, by party
     * @param added the subjects that listing entries added, by position; only for listings that were found under
     *     another key
     */
    record EntryDetails(
            Map<Long, EntrySummary> entries, Map<PartyId, Parties.Face> faces, Map<Long, List<Subject>> added) {
        static final EntryDetails NONE = new EntryDetails(Map.of(), Map.of(), Map.of());

        EntrySummary entry(Match match) {
            EntrySummary entry = entries.get(match.statedAt());
            if (entry == null) {
                throw new IllegalStateException("no statement at " + match.statedAt());
            }
            return entry;
        }

        /** Returns the subjects by which a match that is not exact may have been found. */
        List<Subject> subjects(Match match) {
            return match.listedAt() == 0
                    ? entry(match).content().subjects()
                    : added.getOrDefault(match.listedAt(), List.of());
        }

        Parties.Face face(Statement statement) {
            return face(statement.party());
        }

        Parties.Face face(PartyId party) {
            return faces.getOrDefault(party, FACELESS);
        }
    }

    /**
     * Returns the details of the matches, from the cache, or with one query each for entries, names and listings.
     *
     * @param now knows the erased parties
     */
    EntryDetails of(Collection<Match> matches, IndexView now) throws SQLException {
        Map<Long, EntrySummary> entriesByPosition = new HashMap<>();
        Map<PartyId, Parties.Face> facesByParty = new HashMap<>();
        Set<Long> positions = new HashSet<>();
        Set<PartyId> uncached = new HashSet<>();
        Set<Long> listings = new HashSet<>();
        for (Match match : matches) {
            Statement statement = match.statement();
            EntrySummary entry = now.isErased(statement.party()) ? null : entries.getIfPresent(match.statedAt());
            if (entry == null) {
                positions.add(match.statedAt());
            } else {
                entriesByPosition.put(match.statedAt(), shown(entry));
            }
            if (isListedUnderAnother(match)) {
                listings.add(match.listedAt());
            }
            for (PartyId party : namedParties(statement)) {
                Parties.Face face = cachedFace(party, now);
                if (face == null) {
                    uncached.add(party);
                } else {
                    facesByParty.put(party, parties.shown(party, face));
                }
            }
        }
        if (!positions.isEmpty() || !uncached.isEmpty() || !listings.isEmpty()) {
            watch.requireAnswer();
        }
        if (!positions.isEmpty()) {
            Map<Long, EntrySummary> read = ledger.summaries(positions);
            read.forEach((position, entry) -> entriesByPosition.put(position, shown(entry)));
            entries.putAll(read);
        }
        if (!uncached.isEmpty()) {
            Map<PartyId, Parties.Face> read = parties.own(uncached);
            for (PartyId party : uncached) {
                // A member that is not known yet has the number of its mandate as its id, and has no face.
                Parties.Face face = read.getOrDefault(party, FACELESS);
                facesByParty.put(party, parties.shown(party, face));
                faces.put(party, new CachedFace(face, now.describedAt(party)));
            }
        }
        return new EntryDetails(entriesByPosition, facesByParty, added(listings));
    }

    /** The cache has what is hidden too, because a measure can be taken and lifted at any time. */
    private EntrySummary shown(EntrySummary entry) {
        return measures.hidesTexts(entry.declaration()) == null
                ? entry
                : new EntrySummary(entry.declaration(), entry.content().withoutConfidential());
    }

    private Parties.@Nullable Face cachedFace(PartyId party, IndexView now) {
        CachedFace cached = faces.getIfPresent(party);
        return cached == null || cached.describedAt() != now.describedAt(party) || now.isErased(party)
                ? null
                : cached.face();
    }

    /**
     * Returns the parties whose names an answer shows: the party that made the statement, and the member it speaks for.
     */
    private static List<PartyId> namedParties(Statement statement) {
        return statement.onBehalfOf().isOwn()
                ? List.of(statement.party())
                : List.of(statement.party(), new PartyId(statement.onBehalfOf().of()));
    }

    /**
     * Returns true if the match was found under another key of the listed subject. Then the index does not know which
     * subject of the listing entry it was. This is rare, so the entry is read each time.
     */
    private static boolean isListedUnderAnother(Match match) {
        return match.listedAt() != 0 && !match.exact();
    }

    private Map<Long, List<Subject>> added(Set<Long> positions) throws SQLException {
        Map<Long, List<Subject>> added = new HashMap<>();
        if (!positions.isEmpty()) {
            for (LedgerEntry entry : ledger.at(positions)) {
                added.put(entry.position(), ((DeclarationEntry.Listed) entry.entry()).added());
            }
        }
        return added;
    }

    /** Returns the details of the matches if all are cached; null if the database has to be queried. */
    @Nullable EntryDetails cached(Collection<Match> matches, IndexView now) {
        Map<Long, EntrySummary> entriesByPosition = new HashMap<>();
        Map<PartyId, Parties.Face> facesByParty = new HashMap<>();
        for (Match match : matches) {
            Statement statement = match.statement();
            EntrySummary entry = entries.getIfPresent(match.statedAt());
            if (entry == null || isListedUnderAnother(match)) {
                return null;
            }
            entriesByPosition.put(match.statedAt(), shown(entry));
            for (PartyId party : namedParties(statement)) {
                Parties.Face face = cachedFace(party, now);
                if (face == null) {
                    return null;
                }
                facesByParty.put(party, parties.shown(party, face));
            }
        }
        return new EntryDetails(entriesByPosition, facesByParty, Map.of());
    }
}
