package org.askfirst.registry.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.license.Reporting;

/**
 * The calendar period of a report, in UTC.
 *
 * @param text {@code 2026}, {@code 2026-Q4} or {@code 2026-11}
 * @param from its first moment
 * @param to the first moment after it
 * @param kind the length of the period
 */
record ReportPeriod(String text, Instant from, Instant to, Reporting kind) {
    private static final Pattern TEXT = Pattern.compile("(20[0-9]{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?");
    private static final int MONTHS_OF_QUARTER = 3;

    /** Returns the period; empty if the text names none. */
    static Optional<ReportPeriod> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        LocalDate year = LocalDate.of(Integer.parseInt(parts.group(1)), 1, 1);
        if (parts.group(2) != null) {
            LocalDate from = year.plusMonths((long) MONTHS_OF_QUARTER * (Integer.parseInt(parts.group(2)) - 1));
            return Optional.of(of(text, from, from.plusMonths(MONTHS_OF_QUARTER), Reporting.QUARTER));
        }
        if (parts.group(3) != null) {
            LocalDate from = year.withMonth(Integer.parseInt(parts.group(3)));
            return Optional.of(of(text, from, from.plusMonths(1), Reporting.MONTH));
        }
        return Optional.of(of(text, year, year.plusYears(1), Reporting.YEAR));
    }

    private static ReportPeriod of(String text, LocalDate from, LocalDate to, Reporting kind) {
        return new ReportPeriod(text, start(from), start(to), kind);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /** Returns the length of the periods of a duty. Without a duty, reports are for years. */
    static Reporting expected(Reporting duty) {
        return duty == Reporting.NONE ? Reporting.YEAR : duty;
    }

    boolean contains(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(to);
    }

    /** Returns true if the period and the time from {@code begin} until before {@code end} have a moment in common. */
    boolean overlaps(Instant begin, Instant end) {
        return begin.isBefore(to) && from.isBefore(end);
    }
}
