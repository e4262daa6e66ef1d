package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Findings;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Returns the declarations of a party, all or those under one mandate, page by page. */
@ApplicationScoped
public class DeclarationPages {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int MAX_TEXT = 200;

    private final Declarations declarations;
    private final DeclarationHistory history;
    private final Clock clock;

    DeclarationPages(Declarations declarations, DeclarationHistory history, Clock clock) {
        this.declarations = declarations;
        this.history = history;
        this.clock = clock;
    }

    /** {@code DeclarationPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeclarationPage(
            List<DeclarationView> declarations, @Nullable Long next) {}

    /** The parameters of a page as they were sent; null for each that was not sent. */
    public record Asked(
            @Nullable String after,
            @Nullable String limit,
            @Nullable String text,
            @Nullable String status,
            @Nullable String order,
            @Nullable String reference,
            @Nullable String subject,
            @Nullable String updatedSince) {}

    /**
     * Returns a page of the party's declarations.
     *
     * @param reader sees the references of its own declarations; null for anybody
     * @param mandate selects declarations under this mandate; null selects all
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#INVALID_REQUEST} if a parameter
     *     violates the contract
     */
    public DeclarationPage page(@Nullable PartyId reader, PartyId party, @Nullable MandateId mandate, Asked parameters)
            throws SQLException {
        long from = Parameters.whole("after", parameters.after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", parameters.limit, 1, MAX_PAGE, DEFAULT_PAGE);
        String text = parameters.text;
        if (text != null && text.length() > MAX_TEXT) {
            throw Parameters.refused("text", Reason.TOO_LONG, "give at most " + MAX_TEXT + " characters");
        }
        DeclarationState.Status status = parameters.status == null
                ? null
                : DeclarationState.Status.named(parameters.status)
                        .orElseThrow(() -> Parameters.refused(
                                "status", Reason.UNKNOWN_VALUE, "give in-force, scheduled, expired or withdrawn"));
        String order = parameters.order;
        if (order != null && !order.equals("newest") && !order.equals("oldest")) {
            throw Parameters.refused("order", Reason.UNKNOWN_VALUE, "give oldest or newest");
        }
        DeclarationHistory.Page page = history.declarations(
                new DeclarationHistory.DeclarationFilter(
                        party,
                        mandate,
                        text == null ? null : text.strip().replace("\u0000", ""),
                        status,
                        reference(parameters.reference),
                        subject(parameters.subject),
                        changedAfter(parameters.updatedSince),
                        "newest".equals(order),
                        clock.instant()),
                from,
                most);
        return new DeclarationPage(declarations.views(page.declarations(), reader), page.next());
    }

    private static @Nullable String reference(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Findings findings = new Findings();
        String reference = findings.text("reference", text, DeclarationRequest.MAX_REFERENCE);
        findings.finish();
        return reference;
    }

    private static @Nullable SubjectKey subject(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!Members.isParsable(text)) {
            throw Parameters.refused("subject", Reason.WRONG_CHARACTERS, "give one subject");
        }
        try {
            return Subject.parse(text).key();
        } catch (ProblemException refused) {
            throw refused.problem() == Problem.MALFORMED_SUBJECT ? refused.at("subject") : refused;
        }
    }

    private @Nullable Long changedAfter(@Nullable String updatedSince) throws SQLException {
        Instant moment = Parameters.moment("updatedSince", updatedSince);
        return moment == null ? null : history.positionBefore(moment);
    }
}
