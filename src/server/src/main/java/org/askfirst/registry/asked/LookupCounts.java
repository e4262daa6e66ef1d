package org.askfirst.registry.asked;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code LookupCounts}: the lookups that declarations answered.
 *
 * @param declaration null for all declarations of the party
 * @param next the number of rows before the next page; null if this is the last page
 * @param countedUntil lookups up to this moment are counted on all nodes
 * @param sketchError the greatest error of {@code atMost}; null if each work was counted
 * @param uncounted lookups of all parties in these days that were counted for no declaration; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LookupCounts(
        @Nullable String declaration,
        String by,
        String from,
        String to,
        LookupTotal total,
        List<Row> rows,
        @Nullable Long next,
        Instant countedUntil,
        int anonymousInStepsOf,
        @Nullable Long sketchError,
        @Nullable Long uncounted) {
    /** {@code LookupTotal}. */
    record LookupTotal(long identified, long anonymous, long own) {
        static LookupTotal of(ShownCounts counts) {
            return new LookupTotal(counts.identified(), counts.anonymous(), counts.own());
        }
    }

    /** {@code LookupCountRow}: a day, an asker or a work. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            @Nullable String day,
            @Nullable String asker,
            @Nullable String askerName,
            @Nullable String declaration,
            @Nullable String subject,
            long identified,
            long anonymous,
            long own,
            @Nullable Long atMost) {
        static Row ofDay(String day, ShownCounts counts) {
            return new Row(day, null, null, null, null, counts.identified(), counts.anonymous(), counts.own(), null);
        }

        static Row ofAsker(String asker, @Nullable String name, long lookups) {
            return new Row(null, asker, name, null, null, lookups, 0, 0, null);
        }

        static Row ofWork(String declaration, @Nullable String subject, ShownCounts counts, long more) {
            long shown = counts.identified() + counts.anonymous() + counts.own();
            return new Row(
                    null,
                    null,
                    null,
                    declaration,
                    subject,
                    counts.identified(),
                    counts.anonymous(),
                    counts.own(),
                    more == 0 ? null : shown + more);
        }
    }
}
