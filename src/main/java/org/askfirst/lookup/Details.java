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
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Told;
import org.askfirst.index.IndexView;
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
    /** Of what is kept of entries, in {@link #weight}s of some hundred and fifty bytes. */
    private static final int MOST_WEIGHT = 200_000;

    private static final int MOST_FACES = 50_000;
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Parties.Face FACELESS = new Parties.Face(null, null);

    private final LedgerStore ledger;
    private final Parties parties;
    private final Cache<Long, Told> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_WEIGHT)
            .weigher((Long position, Told told) -> weight(told))
            .expireAfterWrite(KEEP)
            .build();
    private final Cache<PartyId, Parties.Face> faces =
            Caffeine.newBuilder().maximumSize(MOST_FACES).expireAfterWrite(KEEP).build();

    Details(LedgerStore ledger, Parties parties) {
        this.ledger = ledger;
        this.parties = parties;
    }

    private static int weight(Told told) {
        return 4 + told.content().subjects().size();
    }

    /** The details of some statements. */
    record Found(Map<Long, Told> told, Map<PartyId, Parties.Face> faces) {
        static final Found NONE = new Found(Map.of(), Map.of());

        Told told(Statement statement) {
            Told here = told.get(statement.position());
            if (here == null) {
                throw new IllegalStateException("no statement at " + statement.position());
            }
            return here;
        }

        Parties.Face face(Statement statement) {
            return face(statement.party());
        }

        Parties.Face face(PartyId party) {
            return faces.getOrDefault(party, FACELESS);
        }
    }

    /**
     * The details of those statements.
     *
     * @param now tells who was erased
     */
    Found of(Collection<Statement> statements, IndexView now) throws SQLException {
        Map<Long, Told> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        Set<Long> positions = new HashSet<>();
        Set<PartyId> speakers = new HashSet<>();
        for (Statement statement : statements) {
            Told told = now.isErased(statement.party()) ? null : kept.getIfPresent(statement.position());
            if (told == null) {
                positions.add(statement.position());
            } else {
                known.put(statement.position(), told);
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
            Map<Long, Told> read = ledger.told(positions);
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
        return new Found(known, seen);
    }

    /** Whose names an answer tells: who says it, and for whom. */
    private static List<PartyId> named(Statement statement) {
        return statement.voice().isOwn()
                ? List.of(statement.party())
                : List.of(statement.party(), new PartyId(statement.voice().of()));
    }

    /** The details of those statements, if all of them are at hand; null if the database would have to be asked. */
    @Nullable Found atHand(Collection<Statement> statements, IndexView now) {
        Map<Long, Told> known = new HashMap<>();
        Map<PartyId, Parties.Face> seen = new HashMap<>();
        for (Statement statement : statements) {
            Told told = kept.getIfPresent(statement.position());
            if (told == null) {
                return null;
            }
            known.put(statement.position(), told);
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
