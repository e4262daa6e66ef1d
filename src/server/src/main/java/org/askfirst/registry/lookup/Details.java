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
 * What an answer tells beside the verdict, and the index does not hold: the entry that says so, with its terms, and the
 * name and contact of its party.
 *
 * <p>Entries never change, and names hardly, so what was read lately is kept. What was erased is not told from what is
 * kept: the index knows who was, and of them everything is read anew.
 */
@ApplicationScoped
class Details {
    /** Of what is kept of entries, in {@link #weight}s of some hundred and fifty bytes. */
    private static final int MOST_WEIGHT = 200_000;

    private static final int MOST_FACES = 50_000;
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Parties.Face FACELESS = new Parties.Face(null, null);

    private final LedgerStore ledger;
    private final Parties parties;
    private final Cache<Long, EntrySummary> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_WEIGHT)
            .weigher((Long position, EntrySummary told) -> weight(told))
            .expireAfterWrite(KEEP)
            .build();
    private final Cache<PartyId, Parties.Face> faces =
            Caffeine.newBuilder().maximumSize(MOST_FACES).expireAfterWrite(KEEP).build();

    Details(LedgerStore ledger, Parties parties) {
        this.ledger = ledger;
        this.parties = parties;
    }

    private static int weight(EntrySummary told) {
        return 4 + told.content().subjects().size();
    }

    /**
     * The details of some statements.
     *
     * @param listed what the entries list by which subjects were found under others
     */
    record EntryDetails(
            Map<Long, EntrySummary> told, Map<PartyId, Parties.Face> faces, Map<Long, List<Subject>> listed) {
        static final EntryDetails NONE = new EntryDetails(Map.of(), Map.of(), Map.of());

        EntrySummary told(Match match) {
            EntrySummary here = told.get(match.statedAt());
            if (here == null) {
                throw new IllegalStateException("no statement at " + match.statedAt());
            }
            return here;
        }

        /** The subjects that a match, which is not exact, may have been found by. */
        List<Subject> subjects(Match match) {
            return match.listedAt() == 0
                    ? told(match).content().subjects()
                    : listed.getOrDefault(match.listedAt(), List.of());
        }

        Parties.Face face(Statement statement) {
            return face(statement.party());
        }

        Parties.Face face(PartyId party) {
            return faces.getOrDefault(party, FACELESS);
        }
    }

    /**
     * The details of what was found.
     *
     * @param now tells who was erased
     */
    EntryDetails of(Collection<Match> found, IndexView now) throws SQLException {
        Map<Long, EntrySummary> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        Set<Long> positions = new HashSet<>();
        Set<PartyId> speakers = new HashSet<>();
        Set<Long> listings = new HashSet<>();
        for (Match match : found) {
            Statement statement = match.statement();
            EntrySummary told = now.isErased(statement.party()) ? null : kept.getIfPresent(match.statedAt());
            if (told == null) {
                positions.add(match.statedAt());
            } else {
                known.put(match.statedAt(), told);
            }
            if (isListedUnderAnother(match)) {
                listings.add(match.listedAt());
            }
            for (PartyId party : named(statement)) {
                Parties.Face face = now.isErased(party) ? null : faces.getIfPresent(party);
                if (face == null) {
                    speakers.add(party);
                } else {
                    seen.put(party, face);
                }
            }
        }
        if (!positions.isEmpty()) {
            Map<Long, EntrySummary> read = ledger.summaries(positions);
            known.putAll(read);
            kept.putAll(read);
        }
        if (!speakers.isEmpty()) {
            Map<PartyId, Parties.Face> read = parties.faces(speakers);
            for (PartyId party : speakers) {
                // A member who is not known has the number of its mandate, and no face for as long as that.
                Parties.Face face = read.getOrDefault(party, FACELESS);
                seen.put(party, face);
                faces.put(party, face);
            }
        }
        return new EntryDetails(known, seen, listed(listings));
    }

    /** Whose names an answer tells: who says it, and for whom. */
    private static List<PartyId> named(Statement statement) {
        return statement.onBehalfOf().isOwn()
                ? List.of(statement.party())
                : List.of(statement.party(), new PartyId(statement.onBehalfOf().of()));
    }

    /** Then the index does not know which subject of the listing entry it was; seldom enough to be read each time. */
    private static boolean isListedUnderAnother(Match match) {
        return match.listedAt() != 0 && !match.exact();
    }

    private Map<Long, List<Subject>> listed(Set<Long> positions) throws SQLException {
        Map<Long, List<Subject>> listed = new HashMap<>();
        if (!positions.isEmpty()) {
            for (LedgerEntry entry : ledger.at(positions)) {
                listed.put(entry.position(), ((DeclarationEntry.Listed) entry.entry()).added());
            }
        }
        return listed;
    }

    /** The details of what was found, if all are at hand; null if the database would have to be asked. */
    @Nullable EntryDetails atHand(Collection<Match> found, IndexView now) {
        Map<Long, EntrySummary> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        for (Match match : found) {
            Statement statement = match.statement();
            EntrySummary told = kept.getIfPresent(match.statedAt());
            if (told == null || isListedUnderAnother(match)) {
                return null;
            }
            known.put(match.statedAt(), told);
            for (PartyId party : named(statement)) {
                Parties.Face face = faces.getIfPresent(party);
                if (face == null || now.isErased(party)) {
                    return null;
                }
                seen.put(party, face);
            }
        }
        return new EntryDetails(known, seen, Map.of());
    }
}
