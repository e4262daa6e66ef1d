package org.askfirst.entry;

import org.askfirst.id.DeclarationId;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an entry that an answer shows. Parsing is partial, because one answer can need thousands of entries.
 *
 * @param declaration the declaration
 * @param content the content with its confidential part. It has only those subjects that lookups also find under other
 *     subjects
 */
public record EntrySummary(DeclarationId declaration, Content content) {
    /**
     * Reads the text of a {@link DeclarationEntry.Stated}.
     *
     * @param canonical the text that {@link Entry#canonical} writes
     * @param confidential the data beside the ledger; null if there is none, or if it was erased
     * @throws IllegalArgumentException if the text is not such an entry
     */
    public static EntrySummary parse(String canonical, @Nullable Confidential confidential) {
        EntrySummary summary = ContentCodec.summary(new EntryReader(CanonicalJson.parseObject(canonical)));
        if (confidential == null) {
            return summary;
        }
        return new EntrySummary(summary.declaration, summary.content.with(confidential));
    }
}
