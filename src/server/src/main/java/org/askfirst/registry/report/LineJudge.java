package org.askfirst.registry.report;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.license.Price;
import org.askfirst.license.Settlement;
import org.askfirst.license.UsageLine;
import org.askfirst.registry.grant.GrantCoverage;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Gives the lines of one report their verdicts, except those that depend on other lines. Used by one thread.
 *
 * <p>A grant that names works covers them and what they contain. A grant of everything covers what a statement of the
 * licensor reaches now. A work belongs to the member for whom the licensor states it; if the most specific statements
 * name several members, to none.
 */
final class LineJudge {
    private static final int TOGETHER = 256;
    private static final String NO_STATEMENT = "no-statement";
    private static final int MOST_NAMES = 10_000;

    private final IndexFollower index;
    private final DataSource dataSource;
    private final GrantFacts grant;
    private final Price price;
    private final @Nullable GrantCoverage coverage;
    private final Map<UUID, String> members = new HashMap<>();

    /**
     * Creates a judge.
     *
     * @param coverage the works that the grant names; null if it covers everything
     */
    LineJudge(IndexFollower index, DataSource dataSource, GrantFacts grant, @Nullable GrantCoverage coverage) {
        this.index = index;
        this.dataSource = dataSource;
        this.grant = grant;
        this.price = grant.terms().price();
        this.coverage = coverage;
    }

    /**
     * A line with its verdict.
     *
     * @param measure the number in proportion to which it receives a part of what is due
     * @param member the member of the licensor to whom the work belongs; null if there is none
     * @param domain the registrable domain of a work that is an address; null for others
     * @param reason the reason of the verdict; null if the line is accepted
     */
    record JudgedLine(
            SentLine sent,
            LineVerdict verdict,
            BigDecimal measure,
            @Nullable String member,
            @Nullable String domain,
            @Nullable String reason) {}

    /** Returns the lines with their verdicts, in order. */
    List<JudgedLine> judge(List<SentLine> lines) throws SQLException {
        List<JudgedLine> judged = new ArrayList<>(lines.size());
        for (int from = 0; from < lines.size(); from += TOGETHER) {
            List<SentLine> some = lines.subList(from, Math.min(lines.size(), from + TOGETHER));
            List<Subject> subjects = some.stream()
                    .map(SentLine::subject)
                    .filter(Objects::nonNull)
                    .toList();
            IndexView view = index.view();
            List<List<Match>> reaching = subjects.isEmpty() ? List.of() : index.reading(() -> view.reaching(subjects));
            List<List<Match>> own = new ArrayList<>(reaching.size());
            Set<UUID> named = new HashSet<>();
            for (List<Match> matches : reaching) {
                List<Match> licensors = matches.stream()
                        .filter(match -> match.statement().party().equals(grant.licensor()))
                        .toList();
                own.add(licensors);
                UUID member = memberOf(licensors);
                if (member != null) {
                    named.add(member);
                }
            }
            resolve(named);
            int place = 0;
            for (SentLine line : some) {
                if (line.subject() == null) {
                    judged.add(new JudgedLine(line, LineVerdict.UNKNOWN, BigDecimal.ZERO, null, null, line.reason()));
                } else {
                    judged.add(judge(line, line.subject(), reaching.get(place), own.get(place)));
                    place++;
                }
            }
        }
        return judged;
    }

    private JudgedLine judge(SentLine line, Subject subject, List<Match> reaching, List<Match> own) {
        String domain = subject.registrableDomain().orElse(null);
        boolean isCovered = coverage == null ? !own.isEmpty() : coverage.covers(subject.expand());
        if (!isCovered) {
            LineVerdict verdict = reaching.isEmpty() ? LineVerdict.UNKNOWN : LineVerdict.OUTSIDE_GRANT;
            String reason = reaching.isEmpty() ? NO_STATEMENT : LineVerdict.OUTSIDE_GRANT.wireName();
            return new JudgedLine(line, verdict, BigDecimal.ZERO, null, domain, reason);
        }
        UUID member = memberOf(own);
        String name = member == null ? null : members.get(member);
        if (line.share().compareTo(BigDecimal.ONE) > 0) {
            return new JudgedLine(
                    line, LineVerdict.OVER_CLAIMED, BigDecimal.ZERO, name, domain, LineVerdict.OVER_CLAIMED.wireName());
        }
        UsageLine usage = new UsageLine(line.work(), line.kind(), name, line.units(), line.share());
        return new JudgedLine(line, LineVerdict.ACCEPTED, Settlement.measure(price, usage, true), name, domain, null);
    }

    /** Returns the number of the member for whom the most specific statements are made; null if there is not just one. */
    private static @Nullable UUID memberOf(List<Match> own) {
        UUID member = null;
        for (Match match : own) {
            if (match.statement().specificity() < own.get(0).statement().specificity()) {
                break;
            }
            UUID one = match.statement().onBehalfOf().isOwn()
                    ? null
                    : match.statement().onBehalfOf().of();
            if (one == null || (member != null && !member.equals(one))) {
                return null;
            }
            member = one;
        }
        return member;
    }

    /** Finds out which numbers are those of parties. The others are the mandates of members without an account. */
    private void resolve(Set<UUID> named) throws SQLException {
        if (members.size() > MOST_NAMES) {
            members.clear();
        }
        List<PartyId> unknown = named.stream()
                .filter(number -> !members.containsKey(number))
                .map(PartyId::new)
                .toList();
        if (unknown.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            Set<PartyId> parties = Parties.profiles(connection, unknown).keySet();
            unknown.forEach(one -> members.put(
                    one.number(), parties.contains(one) ? one.toString() : new MandateId(one.number()).toString()));
        }
    }
}
