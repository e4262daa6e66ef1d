package org.askfirst.entry;

import org.askfirst.id.DeclarationId;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * That a declaration speaks of whatever is listed under it, instead of subjects that it names itself.
 *
 * <p>What it lists is changed by entries of their own ({@link DeclarationEntry.Listed}), so that a stance is amended in one entry
 * however much is listed.
 *
 * @param title what the list is called, as the party gave it; may name a person, so it is kept beside the ledger; null
 *     in what the ledger holds, and once it is erased
 */
public record Repertoire(@Nullable String title) {
    /** What of it may stand in the ledger for ever: that it is one. */
    Repertoire withoutConfidential() {
        return new Repertoire(null);
    }

    /** The text whose key {@link #keyOf} is; no subject has it. */
    public static String nameOf(DeclarationId repertoire) {
        return "repertoire:" + repertoire;
    }

    /** Under which key what a repertoire says is kept, once for all that it lists. */
    public static SubjectKey keyOf(DeclarationId repertoire) {
        return SubjectKey.of(Sha256.of(nameOf(repertoire)));
    }
}
