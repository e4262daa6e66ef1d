package org.askfirst.entry;

import org.askfirst.id.DeclarationId;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * What an answer tells of a statement beside the verdict: an entry read by the thousand, and so not all of it.
 *
 * @param content what was stated, with what is kept beside the ledger; of its subjects those alone that are found under
 *     other subjects too
 */
public record EntrySummary(DeclarationId declaration, Content content) {
    /**
     * Of {@link DeclarationEntry.Stated}.
     *
     * @param canonical {@link Entry#canonical}
     * @param confidential what is kept beside the ledger; null if nothing is, or if it was erased
     * @throws IllegalArgumentException if the text is not a statement
     */
    public static EntrySummary parse(String canonical, @Nullable Confidential confidential) {
        EntrySummary told = ContentForm.told(new EntryReader(CanonicalJson.parseObject(canonical)));
        return confidential == null ? told : new EntrySummary(told.declaration, told.content.with(confidential));
    }
}
