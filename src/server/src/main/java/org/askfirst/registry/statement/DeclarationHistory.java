package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
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
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Reads declarations in their current state, or in the state after one of their entries. */
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

    /** Returns the declaration in its current state; empty if there is none with this id. */
    public Optional<DeclarationState> declaration(DeclarationId id) throws SQLException {
        Optional<DeclarationRow> row = Optional.ofNullable(DeclarationRow.findById(id.number()));
        if (row.isEmpty()) {
            return Optional.empty();
        }
        return withContent(List.of(row.get())).stream().findFirst();
    }

    /**
     * Selects declarations of a party.
     *
     * @param mandate selects declarations that the party made under this mandate; null selects all declarations of the
     *     party
     * @param text part of a title, of a creator or of a subject; or a whole identifier in any spelling; or the id of a
     *     declaration or of its mandate; null selects all
     * @param status status at {@code now}; null selects all
     * @param reference the party's own string; null selects all
     * @param subject selects declarations of this subject, and repertoires that list it; null selects all
     * @param changedAfter selects declarations whose last entry has a greater position; null selects all
     */
    public record DeclarationFilter(
            PartyId party,
            @Nullable MandateId mandate,
            @Nullable String text,
            DeclarationState.@Nullable Status status,
            @Nullable String reference,
            @Nullable SubjectKey subject,
            @Nullable Long changedAfter,
            boolean newestFirst,
            Instant now) {}

    /**
     * One page of a party's declarations.
     *
     * @param next the cursor of the next page; null if this is the last page
     */
    public record Page(
            List<DeclarationState> declarations, @Nullable Long next) {}

    /**
     * Returns the declarations that match, in the order of their first entries, each in its current state. A page may
     * have fewer declarations than the limit, or none, although more follow: a call searches a bounded number of rows.
     *
     * @param after the cursor of the previous page; 0 for the first page, in either order
     */
    public Page declarations(DeclarationFilter filter, long after, int limit) throws SQLException {
        long from = filter.newestFirst() && after == 0 ? Long.MAX_VALUE : after;
        DeclarationSearch.SearchPage matches = search.find(filter, from, limit);
        Map<UUID, DeclarationRow> rows = new HashMap<>();
        if (!matches.declarations().isEmpty()) {
            DeclarationRow.<DeclarationRow>list("id in ?1", matches.declarations())
                    .forEach(row -> rows.put(row.id, row));
        }
        List<DeclarationRow> ordered = matches.declarations().stream()
                .map(rows::get)
                .filter(Objects::nonNull)
                .toList();
        return new Page(withContent(ordered), matches.next());
    }

    /** Returns the position of the last entry before the moment; 0 if there is none. */
    public long positionBefore(Instant moment) throws SQLException {
        return ledger.headAt(moment.minus(1, ChronoUnit.MICROS)).position();
    }

    /** Returns all entries of the declaration, oldest first; empty if there is none with this id. */
    public List<LedgerEntry> history(DeclarationId id) throws SQLException {
        List<Long> positions = statements.history(List.of(id.number())).getOrDefault(id.number(), List.of());
        return positions.isEmpty() ? List.of() : ledger.at(positions);
    }

    /**
     * Returns the declaration in the state after the entry at {@code position}.
     *
     * @param position of an entry in the history of a declaration
     * @throws IllegalArgumentException if the entry at {@code position} is not one
     */
    public DeclarationState asOf(long position) throws SQLException {
        DeclarationId id = declarationAt(position);
        List<LedgerEntry> entries = new ArrayList<>();
        for (LedgerEntry entry : history(id)) {
            if (entry.position() <= position) {
                entries.add(entry);
            }
        }
        return stateAfter(id, entries);
    }

    /**
     * Returns the declaration that the entry at {@code position} belongs to.
     *
     * @throws IllegalArgumentException if the entry is not in the history of a declaration
     */
    private DeclarationId declarationAt(long position) throws SQLException {
        return Objects.requireNonNull(declarationsAt(List.of(position)).get(position));
    }

    /**
     * Returns the declarations that the entries at the positions belong to, by position.
     *
     * @throws IllegalArgumentException if an entry is not in the history of a declaration
     */
    public Map<Long, DeclarationId> declarationsAt(Collection<Long> positions) throws SQLException {
        Map<Long, DeclarationId> declarations = new HashMap<>();
        for (LedgerEntry entry : ledger.at(positions)) {
            if (!(entry.entry() instanceof DeclarationEntry declared) || !declared.isInHistory()) {
                throw new IllegalArgumentException("no declaration at " + entry.position());
            }
            declarations.put(entry.position(), declared.declaration());
        }
        return declarations;
    }

    private List<DeclarationState> withContent(List<DeclarationRow> rows) throws SQLException {
        Map<UUID, List<Long>> histories =
                statements.history(rows.stream().map(row -> row.id).toList());
        TreeSet<Long> positions = new TreeSet<>();
        Map<UUID, List<Long>> needed = new HashMap<>();
        histories.forEach((id, history) -> {
            // A withdrawal does not repeat the content, so the entry before it is needed too.
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
        List<DeclarationState> states = new ArrayList<>();
        for (DeclarationRow row : rows) {
            states.add(stateAfter(
                    new DeclarationId(row.id),
                    needed.getOrDefault(row.id, List.of()).stream()
                            .map(entries::get)
                            .toList()));
        }
        return states;
    }

    private static DeclarationState stateAfter(DeclarationId id, List<LedgerEntry> entries) {
        LedgerEntry latest = entries.get(entries.size() - 1);
        Content content = null;
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DeclarationEntry.Stated stated) {
                content = stated.contentWith(entry.confidential());
            }
        }
        if (content == null) {
            throw new IllegalStateException("no entry states the content of " + id);
        }
        return new DeclarationState(
                id,
                // A member may withdraw its society's declaration; the declaration still belongs to the society.
                entries.get(0).entry().party(),
                entries.get(0).position(),
                latest.entry() instanceof DeclarationEntry.Withdrawn,
                latest,
                content);
    }
}
