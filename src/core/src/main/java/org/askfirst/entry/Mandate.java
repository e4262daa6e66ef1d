package org.askfirst.entry;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * That a society may speak for a member, and of what.
 *
 * @param member null for one who is not known to the registry yet
 * @param kinds of subjects, sorted by name; none for all
 * @param uses sorted as the contract lists them; none for all
 * @param territory ISO 3166-1 alpha-2 codes, or EU; none for everywhere
 * @param period for which it was given
 * @param document SHA-256 of the document it rests on, in hex; null if none was named
 */
public record Mandate(
        PartyId society,
        @Nullable PartyId member,
        List<SubjectScheme> kinds,
        List<Use> uses,
        List<String> territory,
        Period period,
        @Nullable String document) {
    public Mandate {
        kinds = kinds.stream()
                .distinct()
                .sorted(Comparator.comparing(SubjectScheme::wireName))
                .toList();
        uses = uses.stream().distinct().sorted().toList();
        territory = territory.stream().distinct().sorted().toList();
    }

    /**
     * The limit of the mandate that something oversteps.
     *
     * @param reason for programs
     * @param detail for people
     */
    public record Objection(Reason reason, String detail) {}

    /** Why that may not be said under this mandate; empty if it may. */
    public Optional<Objection> objectionTo(Content content) {
        Optional<Objection> objection = objectionTo(content.subjects());
        if (objection.isPresent()) {
            return objection;
        }
        for (Map.Entry<Use, Stance> stated : content.stances().stated().entrySet()) {
            if (!reaches(stated.getKey())) {
                return Optional.of(new Objection(
                        Reason.OUTSIDE_MANDATE_USES,
                        "the mandate does not reach the use " + stated.getKey().wireName()));
            }
            if (stated.getValue() == Stance.PERMITTED && !territory.isEmpty()) {
                return Optional.of(new Objection(
                        Reason.OUTSIDE_MANDATE_TERRITORY,
                        "the mandate is for " + String.join(", ", territory)
                                + " alone, and a plain permission would hold everywhere; permit on terms, or reserve"));
            }
        }
        return Optional.empty();
    }

    /** Why that may not be said of those subjects under this mandate; empty if it may. */
    public Optional<Objection> objectionTo(List<Subject> subjects) {
        return subjects.stream()
                .filter(subject -> !kinds.isEmpty() && !kinds.contains(subject.scheme()))
                .findFirst()
                .map(subject -> new Objection(
                        Reason.OUTSIDE_MANDATE_SCHEMES,
                        "the mandate does not reach subjects of the kind "
                                + subject.scheme().wireName()));
    }

    private boolean reaches(Use use) {
        if (uses.isEmpty()) {
            return true;
        }
        for (Use at = use; at != null; at = at.umbrella()) {
            if (uses.contains(at)) {
                return true;
            }
        }
        return false;
    }
}
