package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Reads the lists of the disputes and the rejections that a party began, and of those against it. */
@ApplicationScoped
class OwnContests {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final List<String> SIDES = List.of("challenger", "respondent");

    private final Parties parties;
    private final Disputes disputes;

    OwnContests(Parties parties, Disputes disputes) {
        this.parties = parties;
        this.disputes = disputes;
    }

    /**
     * One page of a list.
     *
     * @param next the position after which the next page begins; null at the end
     */
    record Found(List<Disputes.Dispute> page, @Nullable Long next) {}

    /** Returns the page that the parameters of a request select. */
    Found find(
            Disputes.Kind kind,
            @Nullable String authorization,
            @Nullable String side,
            @Nullable String after,
            @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        if (side != null && !SIDES.contains(side)) {
            throw Parameters.notOneOf("side", side, SIDES);
        }
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<Disputes.Dispute> found = disputes.of(caller.party(), kind, "respondent".equals(side), from, most + 1);
        boolean more = found.size() > most;
        return new Found(
                more ? found.subList(0, most) : found,
                more ? found.get(most - 1).position() : null);
    }
}
