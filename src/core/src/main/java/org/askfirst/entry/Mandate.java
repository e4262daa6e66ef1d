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
 * The right of a society to speak for a member, and its limits.
 *
 * @param society the party that speaks
 * @param member the party for whom it speaks; null for a member without an account
 * @param schemes the schemes of subjects, sorted by name; empty for all
 * @param uses the uses, in the order of the contract; empty for all
 * @param territory ISO 3166-1 alpha-2 codes, or EU; empty for everywhere
 * @param period the time in which the mandate is in force
 * @param document SHA-256, in hexadecimal, of the document behind the mandate; null if none was named
 */
public record Mandate(
        PartyId society,
        @Nullable PartyId member,
        List<SubjectScheme> schemes,
        List<Use> uses,
        List<String> territory,
        Period period,
        @Nullable String document) {
    public Mandate {
        schemes = schemes.stream()
                .distinct()
                .sorted(Comparator.comparing(SubjectScheme::wireName))
                .toList();
        uses = uses.stream().distinct().sorted().toList();
        territory = territory.stream().distinct().sorted().toList();
    }

    /**
     * The limit of a mandate that a statement exceeds.
     *
     * @param reason the reason for programs
     * @param detail the reason for people
     */
    public record Objection(Reason reason, String detail) {}

    /** Returns the first limit of this mandate that the content exceeds; empty if there is none. */
    public Optional<Objection> objectionTo(Content content) {
        Optional<Objection> objection = objectionTo(content.subjects());
        if (objection.isPresent()) {
            return objection;
        }
        for (Map.Entry<Use, Stance> stated : content.stances().stated().entrySet()) {
            if (!reaches(stated.getKey())) {
                return Optional.of(new Objection(
                        Reason.OUTSIDE_MANDATE_USES,
                        "the mandate does not cover the use " + stated.getKey().wireName()));
            }
            if (stated.getValue() == Stance.PERMITTED && !territory.isEmpty()) {
                return Optional.of(new Objection(
                        Reason.OUTSIDE_MANDATE_TERRITORY,
                        "the mandate is for " + String.join(", ", territory)
                                + " only, and a permission without terms would apply everywhere;"
                                + " permit on terms, or reserve"));
            }
        }
        return Optional.empty();
    }

    /** Returns the limit of this mandate that one of the subjects exceeds; empty if there is none. */
    public Optional<Objection> objectionTo(List<Subject> subjects) {
        return subjects.stream()
                .filter(subject -> !schemes.isEmpty() && !schemes.contains(subject.scheme()))
                .findFirst()
                .map(subject -> new Objection(
                        Reason.OUTSIDE_MANDATE_SCHEMES,
                        "the mandate does not cover subjects of the scheme "
                                + subject.scheme().wireName()));
    }

    private boolean reaches(Use use) {
        if (uses.isEmpty()) {
            return true;
        }
        for (Use current = use; current != null; current = current.umbrella()) {
            if (uses.contains(current)) {
                return true;
            }
        }
        return false;
    }
}
