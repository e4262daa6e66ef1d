package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.jspecify.annotations.Nullable;

/** Reads declarations as they stand, or as they stood at an entry of theirs. */
@ApplicationScoped
public class DeclarationHistory {
    private final LedgerStore ledger;
    private final StatementStore statements;
    private final DeclarationSearch search;

    DeclarationHistory(LedgerStore ledger, StatementStore statements, DeclarationSearch search) {
        this.ledger = ledger;
        this.statements = statements;
        this.search = search;
    }

    /** The declaration as it stands now. */
    public Optional<DeclarationState> declaration(DeclarationId id) throws SQLException {
        Optional<DeclarationRow> row = Optional.ofNullable(DeclarationRow.findById(id.number()));
        return row.isEmpty()
                ? Optional.empty()
                : withContent(List.of(row.get())).stream().findFirst();
    }

    /**
     * Which declarations.
     *
     * @param mandate under which that party made them; null for all that it made
     * @param text part of a title, a creator or a subject, or a whole identifier in any spelling, or the id of a
     *     declaration or of the mandate it was made under; null for any
     * @param status where they stand at {@code now}; null for any
     */
    public record DeclarationFilter(
            PartyId party,
            @Nullable MandateId mandate,
            @Nullable String text,
            DeclarationState.@Nullable Status status,
            boolean newestFirst,
            Instant now) {}

    /**
     * Declarations of a party.
     *
     * @param next the cursor to go on from; null if there are no more
     */
    public record Page(
            List<DeclarationState> declarations, @Nullable Long next) {}

    /**
     * The declarations that match, in the order they were first recorded, each as it stands now. It may be fewer than the
     * limit, and even none, while there are more: how many are looked at is bounded.
     *
     * @param after the position that the page before ended at; 0 for the first one, in either order
     */
    public Page declarations(DeclarationFilter wanted, long after, int limit) throws SQLException {
        long from = wanted.newestFirst() && after == 0 ? Long.MAX_VALUE : after;
        DeclarationSearch.SearchPage found = search.find(wanted, from, limit);
        Map<UUID, DeclarationRow> rows = new HashMap<>();
        if (!found.declarations().isEmpty()) {
            DeclarationRow.<DeclarationRow>list("id in ?1", found.declarations())
                    .forEach(row -> rows.put(row.id, row));
        }
        List<DeclarationRow> ordered = found.declarations().stream()
                .map(rows::get)
                .filter(Objects::nonNull)
                .toList();
        return new Page(withContent(ordered), found.next());
    }

    /** Everything recorded of the declaration, oldest first; empty if there is none. */
    public List<LedgerEntry> history(DeclarationId id) throws SQLException {
        List<Long> positions = statements.history(List.of(id.number())).getOrDefault(id.number(), List.of());
        return positions.isEmpty() ? List.of() : ledger.at(positions);
    }

    /**
     * The declaration as the entry at that position left it.
     *
     * @param position of an entry that speaks of a declaration
     */
    public DeclarationState asOf(long position) throws SQLException {
        DeclarationId id = declarationAt(position);
        List<LedgerEntry> entries = new ArrayList<>();
        for (LedgerEntry entry : history(id)) {
            if (entry.position() <= position) {
                entries.add(entry);
            }
        }
        return standing(id, entries);
    }

    /** Which declaration the entry at that position speaks of. */
    public DeclarationId declarationAt(long position) throws SQLException {
        if (ledger.at(List.of(position)).get(0).entry() instanceof DeclarationEntry entry && entry.isInHistory()) {
            return entry.declaration();
        }
        throw new IllegalArgumentException("no declaration at " + position);
    }

    private List<DeclarationState> withContent(List<DeclarationRow> rows) throws SQLException {
        Map<UUID, List<Long>> histories =
                statements.history(rows.stream().map(row -> row.id).toList());
        TreeSet<Long> positions = new TreeSet<>();
        Map<UUID, List<Long>> needed = new HashMap<>();
        histories.forEach((id, history) -> {
            // A withdrawal does not repeat what was said, so the entry before it is needed too.
            List<Long> last = history.subList(Math.max(0, history.size() - 2), history.size());
            List<Long> some = new ArrayList<>(last);
            if (!some.contains(history.get(0))) {
                some.add(0, history.get(0));
            }
            needed.put(id, some);
            positions.addAll(some);
        });
        Map<Long, LedgerEntry> entries = new HashMap<>();
        ledger.at(positions).forEach(entry -> entries.put(entry.position(), entry));
        List<DeclarationState> standing = new ArrayList<>();
        for (DeclarationRow row : rows) {
            standing.add(standing(
                    new DeclarationId(row.id),
                    needed.getOrDefault(row.id, List.of()).stream()
                            .map(entries::get)
                            .toList()));
        }
        return standing;
    }

    private static DeclarationState standing(DeclarationId id, List<LedgerEntry> entries) {
        LedgerEntry latest = entries.get(entries.size() - 1);
        Content content = null;
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DeclarationEntry.Stated stated) {
                content = stated.contentWith(entry.confidential());
            }
        }
        if (content == null) {
            throw new IllegalStateException("nothing was ever stated by " + id);
        }
        return new DeclarationState(
                id,
                // A member may withdraw what its society said; it stays the society's word.
                entries.get(0).entry().party(),
                entries.get(0).position(),
                latest.entry() instanceof DeclarationEntry.Withdrawn,
                latest,
                content);
    }
}
