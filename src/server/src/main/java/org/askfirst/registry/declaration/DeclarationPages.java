package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.jspecify.annotations.Nullable;

/** What a party declared, all or under one mandate, page by page as its readers ask for it. */
@ApplicationScoped
class DeclarationPages {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int MAX_TEXT = 200;

    private final Declarations intake;
    private final DeclarationHistory standing;
    private final Clock clock;

    DeclarationPages(Declarations intake, DeclarationHistory standing, Clock clock) {
        this.intake = intake;
        this.standing = standing;
        this.clock = clock;
    }

    /** {@code DeclarationPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeclarationPage(
            List<DeclarationView> declarations, @Nullable Long next) {}

    /** What the parameters of a page say, each as it was sent; null if it was not. */
    record Asked(
            @Nullable String after,
            @Nullable String limit,
            @Nullable String text,
            @Nullable String status,
            @Nullable String order) {}

    /**
     * A page of what the party declared.
     *
     * @param mandate under which it was; null for all
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#INVALID_REQUEST} if a parameter
     *     is not what the contract says
     */
    DeclarationPage page(PartyId party, @Nullable MandateId mandate, Asked asked) throws SQLException {
        long from = Parameters.whole("after", asked.after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", asked.limit, 1, MAX_PAGE, DEFAULT_PAGE);
        String text = asked.text;
        if (text != null && text.length() > MAX_TEXT) {
            throw Parameters.refused("text", Reason.TOO_LONG, "give at most " + MAX_TEXT + " characters");
        }
        DeclarationState.Status wanted = asked.status == null
                ? null
                : DeclarationState.Status.named(asked.status)
                        .orElseThrow(() -> Parameters.refused(
                                "status", Reason.UNKNOWN_VALUE, "give in-force, scheduled, expired or withdrawn"));
        String order = asked.order;
        if (order != null && !order.equals("newest") && !order.equals("oldest")) {
            throw Parameters.refused("order", Reason.UNKNOWN_VALUE, "give oldest or newest");
        }
        DeclarationHistory.Page page = standing.declarations(
                new DeclarationHistory.DeclarationFilter(
                        party,
                        mandate,
                        text == null ? null : text.strip().replace("\u0000", ""),
                        wanted,
                        "newest".equals(order),
                        clock.instant()),
                from,
                most);
        return new DeclarationPage(intake.views(page.declarations()), page.next());
    }
}
