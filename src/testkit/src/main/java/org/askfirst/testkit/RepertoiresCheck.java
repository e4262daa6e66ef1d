package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.subject.Subject;

/** The projection of what repertoires list, now and before. */
final class RepertoiresCheck implements ProjectionCheck {
    private final DeclarationsCheck declarations;
    private final Map<String, Map<String, Long>> repertoires = new HashMap<>();
    private final TreeSet<String> listings = new TreeSet<>();

    RepertoiresCheck(DeclarationsCheck declarations) {
        this.declarations = declarations;
    }

    void state(DeclarationEntry.Stated stated) {
        if (!stated.amends() && stated.content().repertoire() != null) {
            repertoires.put(stated.declaration().number().toString(), new TreeMap<>());
        }
    }

    void list(long position, DeclarationEntry.Listed listed) {
        String id = listed.declaration().number().toString();
        assertEquals(declarations.party(id, position), id(listed), "somebody else's repertoire was changed");
        Map<String, Long> now = java.util.Objects.requireNonNull(repertoires.get(id), "it names its subjects");
        Set<String> keys = new HashSet<>();
        List<Subject> all = new ArrayList<>(listed.added());
        all.addAll(listed.removed());
        all.forEach(subject -> subject.indexedAs()
                .forEach(as -> assertTrue(keys.add(key(as)), () -> "two under one key in entry " + position)));
        listed.added().forEach(subject -> now.putIfAbsent(subject.canonical(), position));
        listed.removed().forEach(subject -> {
            Long since = now.remove(subject.canonical());
            if (since != null) {
                addListings(id, subject, since, position);
            }
        });
        assertTrue(now.size() <= 1_000_000, "more is listed than may be");
    }

    private void addListings(String id, Subject subject, long since, long until) {
        subject.indexedAs()
                .forEach(as -> listings.add(String.join(
                        " ",
                        key(as),
                        id,
                        since + "",
                        until + "",
                        subject.canonical(),
                        as.equals(subject) ? "t" : "f")));
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> counts = new TreeSet<>();
        repertoires.forEach((id, now) -> {
            counts.add(id + " " + now.size());
            now.forEach((subject, since) -> addListings(id, Subject.ofStored(subject), since, FOR_EVER));
        });
        snapshot.compare(
                "standing_repertoire", counts, "select concat_ws(' ', declaration, listed) from standing_repertoire");
        snapshot.compare(
                "standing_listing",
                listings,
                "select concat_ws(' ', encode(key, 'hex'), declaration, position, until_position, subject, own)"
                        + " from standing_listing");
    }
}
