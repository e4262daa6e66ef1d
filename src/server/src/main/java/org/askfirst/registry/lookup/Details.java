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
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer that the index does not have: the entry of a statement, with its terms, and the name and
 * contact of its party.
 *
 * <p>Entries are immutable and names change rarely, so both are cached for 5 minutes. Data of erased parties is never
 * served from the cache: the index knows which parties are erased, and their data is read again each time.
 */
@ApplicationScoped
class Details {
    /** Maximal sum of {@link #weight}s in the cache of entries; a weight of 1 is about 150 bytes. */
    private static final int MOST_WEIGHT = 200_000;

    private static final int MOST_FACES = 50_000;
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Parties.Face FACELESS = new Parties.Face(null, null);

    private final LedgerStore ledger;
    private final Parties parties;
    private final Cache<Long, EntrySummary> entries = Caffeine.newBuilder()
            .maximumWeight(MOST_WEIGHT)
            .weigher((Long position, EntrySummary entry) -> weight(entry))
            .expireAfterWrite(KEEP)
            .build();
    private final Cache<PartyId, Parties.Face> faces =
            Caffeine.newBuilder().maximumSize(MOST_FACES).expireAfterWrite(KEEP).build();

    Details(LedgerStore ledger, Parties parties) {
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
                entriesByPosition.put(match.statedAt(), entry);
            }
            if (isListedUnderAnother(match)) {
                listings.add(match.listedAt());
            }
            for (PartyId party : namedParties(statement)) {
                Parties.Face face = now.isErased(party) ? null : faces.getIfPresent(party);
                if (face == null) {
                    uncached.add(party);
                } else {
                    facesByParty.put(party, face);
                }
            }
        }
        if (!positions.isEmpty()) {
            Map<Long, EntrySummary> read = ledger.summaries(positions);
            entriesByPosition.putAll(read);
            entries.putAll(read);
        }
        if (!uncached.isEmpty()) {
            Map<PartyId, Parties.Face> read = parties.faces(uncached);
            for (PartyId party : uncached) {
                // A member that is not known yet has the number of its mandate as its id, and has no face.
                Parties.Face face = read.getOrDefault(party, FACELESS);
                facesByParty.put(party, face);
                faces.put(party, face);
            }
        }
        return new EntryDetails(entriesByPosition, facesByParty, added(listings));
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
            entriesByPosition.put(match.statedAt(), entry);
            for (PartyId party : namedParties(statement)) {
                Parties.Face face = faces.getIfPresent(party);
                if (face == null || now.isErased(party)) {
                    return null;
                }
                facesByParty.put(party, face);
            }
        }
        return new EntryDetails(entriesByPosition, facesByParty, Map.of());
    }
}
