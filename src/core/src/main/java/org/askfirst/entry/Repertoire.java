package org.askfirst.entry;

import org.askfirst.id.DeclarationId;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * The property of a declaration that it applies to all subjects on its list, and names none itself.
 *
 * <p>Separate entries ({@link DeclarationEntry.Listed}) change the list. One entry can therefore amend the stances for
 * a list of any length.
 *
 * @param title the title of the list, as the party gave it. It may name a person, so it is stored beside the ledger;
 *     null in the ledger's content, and after it is erased
 */
public record Repertoire(@Nullable String title) {
    /** Returns the repertoire without its title, as the ledger stores it. */
    Repertoire withoutConfidential() {
        return new Repertoire(null);
    }

    /** Returns the text that {@link #keyOf} hashes. No subject has this text. */
    public static String nameOf(DeclarationId repertoire) {
        return "repertoire:" + repertoire;
    }

    /** Returns the key under which the statement of a repertoire is stored once for all listed subjects. */
    public static SubjectKey keyOf(DeclarationId repertoire) {
        return SubjectKey.of(Sha256.of(nameOf(repertoire)));
    }
}
