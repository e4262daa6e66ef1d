package org.askfirst.registry.feed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.entry.Entry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a reader of the feed wants.
 *
 * @param parties the entry names one of them; empty for all entries
 * @param kinds the entry has one of these types; empty for all types
 */
record Filter(Set<String> parties, Set<String> kinds) {
    private static final int MOST_PARTIES = 20;

    /**
     * Reads the parameters of the query.
     *
     * @throws org.askfirst.problem.ProblemException if a party is no id, if a kind is unknown, or if there are too many
     *     parties
     */
    static Filter fromParameters(@Nullable List<String> parties, @Nullable List<String> kinds) {
        Set<String> chosenParties = new LinkedHashSet<>();
        for (String party : parties == null ? List.<String>of() : parties) {
            chosenParties.add(PartyId.parse(party)
                    .orElseThrow(() -> Parameters.refused(
                            "party", Reason.MALFORMED, "give the id of a party: p_ and 26 characters"))
                    .toString());
        }
        if (chosenParties.size() > MOST_PARTIES) {
            throw Parameters.refused("party", Reason.TOO_MANY, "give at most " + MOST_PARTIES + " parties");
        }
        Set<String> known = new TreeSet<>(Entry.types());
        Set<String> chosenKinds = new LinkedHashSet<>();
        for (String kind : kinds == null ? List.<String>of() : kinds) {
            if (!known.contains(kind)) {
                throw Parameters.notOneOf("kind", kind, List.copyOf(known));
            }
            chosenKinds.add(kind);
        }
        return new Filter(chosenParties, chosenKinds);
    }

    /** Returns true if the reader wants every entry. */
    boolean isOpen() {
        return parties.isEmpty() && kinds.isEmpty();
    }
}
