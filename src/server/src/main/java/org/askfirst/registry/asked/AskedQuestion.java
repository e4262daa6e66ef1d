package org.askfirst.registry.asked;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a question about lookups.
 *
 * @param by {@code day}, {@code asker} or {@code work}
 * @param from the first day
 * @param to the last day
 * @param after the number of rows before the page
 */
record AskedQuestion(String by, LocalDate from, LocalDate to, long after, int limit) {
    static final String DAY = "day";
    static final String ASKER = "asker";
    static final String WORK = "work";

    private static final List<String> CHOICES = List.of(DAY, ASKER, WORK);
    private static final int DEFAULT_DAYS = 30;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_AFTER = 1_000_000;
    private static final LocalDate OLDEST = LocalDate.of(2000, 1, 1);
    private static final LocalDate NEWEST = LocalDate.of(9999, 12, 31);

    /**
     * Reads the parameters; each is null if it was not sent.
     *
     * @throws ProblemException {@link org.askfirst.problem.Problem#INVALID_REQUEST} if one violates the contract
     */
    static AskedQuestion of(
            @Nullable String by,
            @Nullable String from,
            @Nullable String to,
            @Nullable String month,
            @Nullable String after,
            @Nullable String limit,
            LocalDate today) {
        String chosen = by == null ? DAY : by;
        if (!CHOICES.contains(chosen)) {
            throw Parameters.notOneOf("by", chosen, CHOICES);
        }
        long skipped = Parameters.whole("after", after, 0, MAX_AFTER, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        if (chosen.equals(WORK)) {
            refuse("from", from, "works are counted by months; give month instead");
            refuse("to", to, "works are counted by months; give month instead");
            YearMonth whole = month(month, today);
            return new AskedQuestion(chosen, whole.atDay(1), whole.atEndOfMonth(), skipped, most);
        }
        refuse("month", month, "only works are counted by months; give from and to instead");
        LocalDate last = day("to", to, today);
        LocalDate first = day("from", from, last.minusDays(DEFAULT_DAYS - 1));
        if (first.isAfter(last)) {
            throw Parameters.refused("from", Reason.CONFLICT, "this day is after " + last + ", the last day");
        }
        return new AskedQuestion(chosen, first, last, skipped, most);
    }

    private static void refuse(String name, @Nullable String value, String fault) {
        if (value != null) {
            throw Parameters.refused(name, Reason.CONFLICT, fault);
        }
    }

    private static LocalDate day(String name, @Nullable String text, LocalDate otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (!day.isBefore(OLDEST) && !day.isAfter(NEWEST)) {
                return day;
            }
        } catch (DateTimeException malformed) {
            throw malformed(name, text, "a day in UTC such as 2026-11-22");
        }
        throw malformed(name, text, "a day in UTC such as 2026-11-22");
    }

    private static YearMonth month(@Nullable String text, LocalDate today) {
        if (text == null) {
            return YearMonth.from(today);
        }
        try {
            YearMonth month = YearMonth.parse(text);
            if (!month.atDay(1).isBefore(OLDEST) && !month.atDay(1).isAfter(NEWEST)) {
                return month;
            }
        } catch (DateTimeException malformed) {
            throw malformed("month", text, "a month in UTC such as 2026-11");
        }
        throw malformed("month", text, "a month in UTC such as 2026-11");
    }

    private static ProblemException malformed(String name, String text, String due) {
        return Parameters.refused(name, Reason.MALFORMED, "give " + due + ", not " + Members.shown(text));
    }
}
