package org.askfirst.entry;

import java.util.List;
import org.askfirst.id.DeclarationId;
import org.askfirst.subject.Subject;

/**
 * The works to which an offer applies. It is never more than the works for which a statement of the licensor decides.
 *
 * @param declarations declarations of the licensor; a repertoire is one of them. Empty if the offer is not limited to
 *     declarations
 * @param subjects subjects; the offer applies to these works, and to what they contain. Empty if the offer is not limited
 *     to subjects
 */
public record OfferCoverage(List<DeclarationId> declarations, List<Subject> subjects) {
    /** All works of the licensor. */
    public static final OfferCoverage ALL = new OfferCoverage(List.of(), List.of());

    public OfferCoverage {
        declarations = declarations.stream().distinct().toList();
        subjects = subjects.stream().distinct().toList();
        if (!declarations.isEmpty() && !subjects.isEmpty()) {
            throw new IllegalArgumentException("an offer is limited to declarations or to subjects");
        }
    }

    /** Returns true if the offer applies to all works of the licensor. */
    public boolean isAll() {
        return declarations.isEmpty() && subjects.isEmpty();
    }
}
