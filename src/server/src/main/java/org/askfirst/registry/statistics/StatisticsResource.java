package org.askfirst.registry.statistics;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.registry.ledger.LedgerHead;

/** Publishes the number of declarations and lookups. */
@Path("/v1/statistics")
@Produces(APPLICATION_JSON)
@Blocking
public class StatisticsResource {
    private static final int SHOWN_DAYS = 366;

    private final DataSource dataSource;
    private final LedgerHead head;
    private final LookupCount lookups;
    private final Clock clock;

    StatisticsResource(DataSource dataSource, LedgerHead head, LookupCount lookups, Clock clock) {
        this.dataSource = dataSource;
        this.head = head;
        this.lookups = lookups;
        this.clock = clock;
    }

    /** {@code Statistics}. */
    record Statistics(long declarations, long withdrawn, long lookupCallsToday, long position, List<Day> dailyTotals) {}

    /**
     * {@code StatisticsDay}.
     *
     * @param declarations number of all declarations made until the end of that day
     */
    record Day(String day, long declarations) {}

    /** {@code getStatistics}. */
    @GET
    public Response get() throws SQLException {
        return Response.ok(statistics())
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=5")
                .build();
    }

    private Statistics statistics() throws SQLException {
        long position = head.position();
        long declared = 0;
        long withdrawn = 0;
        List<Day> totals = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement days = connection.prepareStatement(
                        "select day, declared, withdrawn from statistics_day order by day");
                PreparedStatement calls =
                        connection.prepareStatement("select lookups from statistics_lookups where day = ?")) {
            try (ResultSet row = days.executeQuery()) {
                while (row.next()) {
                    declared += row.getLong(2);
                    withdrawn += row.getLong(3);
                    totals.add(new Day(row.getObject(1, LocalDate.class).toString(), declared));
                }
            }
            calls.setObject(1, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
            long today = lookups.unstored();
            try (ResultSet row = calls.executeQuery()) {
                today += row.next() ? row.getLong(1) : 0;
            }
            return new Statistics(
                    declared,
                    withdrawn,
                    today,
                    position,
                    totals.subList(Math.max(0, totals.size() - SHOWN_DAYS), totals.size()));
        }
    }
}
