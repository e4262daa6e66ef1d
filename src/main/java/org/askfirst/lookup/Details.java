package org.askfirst.lookup;

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
import org.askfirst.declaration.Entry;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Statement;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.party.Parties;
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
    /** Subjects of the entries that are kept: an entry may have a hundred, and each takes some two hundred bytes. */
    private static final int MOST_SUBJECTS = 100_000;

    private static final int MOST_FACES = 50_000;
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Parties.Face FACELESS = new Parties.Face(null, null);

    private final LedgerStore ledger;
    private final Parties parties;
    private final Cache<Long, LedgerEntry> entries = Caffeine.newBuilder()
            .maximumWeight(MOST_SUBJECTS)
            .weigher((Long position, LedgerEntry entry) -> weight(entry))
            .expireAfterWrite(KEEP)
            .build();
    private final Cache<PartyId, Parties.Face> faces =
            Caffeine.newBuilder().maximumSize(MOST_FACES).expireAfterWrite(KEEP).build();

    Details(LedgerStore ledger, Parties parties) {
        this.ledger = ledger;
        this.parties = parties;
    }

    private static int weight(LedgerEntry entry) {
        if (entry.entry() instanceof Entry.Stated stated) {
            return 4 + stated.content().subjects().size();
        }
        return entry.entry() instanceof Entry.Listed listed
                ? 4 + listed.added().size() + listed.removed().size()
                : 1;
    }

    /** The details of some statements. */
    record Found(Map<Long, LedgerEntry> entries, Map<PartyId, Parties.Face> faces) {
        static final Found NONE = new Found(Map.of(), Map.of());

        LedgerEntry at(long position) {
            LedgerEntry entry = entries.get(position);
            if (entry == null) {
                throw new IllegalStateException("no entry at " + position);
            }
            return entry;
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
    Found of(Collection<Match> found, IndexView now) throws SQLException {
        Map<Long, LedgerEntry> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        Set<Long> positions = new HashSet<>();
        Set<PartyId> speakers = new HashSet<>();
        for (Match match : found) {
            Statement statement = match.statement();
            for (long position : positions(match)) {
                LedgerEntry entry = now.isErased(statement.party()) ? null : entries.getIfPresent(position);
                if (entry == null) {
                    positions.add(position);
                } else {
                    known.put(position, entry);
                }
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
            for (LedgerEntry entry : ledger.at(positions)) {
                known.put(entry.position(), entry);
                entries.put(entry.position(), entry);
            }
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
        return new Found(known, seen);
    }

    /** Where the entries are that an answer tells of: what is said, and of what, if the index does not know that. */
    private static long[] positions(Match match) {
        return match.exact() || match.listedAt() == 0
                ? new long[] {match.statedAt()}
                : new long[] {match.statedAt(), match.listedAt()};
    }

    /** Whose names an answer tells: who says it, and for whom. */
    private static List<PartyId> named(Statement statement) {
        return statement.voice().isOwn()
                ? List.of(statement.party())
                : List.of(statement.party(), new PartyId(statement.voice().of()));
    }

    /** The details of what was found, if all are at hand; null if the database would have to be asked. */
    @Nullable Found atHand(Collection<Match> found, IndexView now) {
        Map<Long, LedgerEntry> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        for (Match match : found) {
            Statement statement = match.statement();
            for (long position : positions(match)) {
                LedgerEntry entry = entries.getIfPresent(position);
                if (entry == null) {
                    return null;
                }
                known.put(position, entry);
            }
            for (PartyId party : named(statement)) {
                Parties.Face face = faces.getIfPresent(party);
                if (face == null || now.isErased(party)) {
                    return null;
                }
                seen.put(party, face);
            }
        }
        return new Found(known, seen);
    }
}
