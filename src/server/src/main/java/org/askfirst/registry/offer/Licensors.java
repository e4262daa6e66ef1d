package org.askfirst.registry.offer;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;

/** Finds the parties to ask for works, by the same rules as lookups. */
@ApplicationScoped
public class Licensors {
    private static final int TOGETHER = 256;
    private static final int READ_TOGETHER = 10_000;

    /** An id that no declaration has. */
    private static final DeclarationId NO_DECLARATION = new DeclarationId(new UUID(0, 0));

    private final IndexFollower index;
    private final LedgerStore ledger;
    private final Clock clock;

    Licensors(IndexFollower index, LedgerStore ledger, Clock clock) {
        this.index = index;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * The judgement on one work.
     *
     * @param subjects the subjects of the work
     * @param verdicts the verdicts on the asked uses
     * @param toAsk the position of the entry that makes the deciding statement of each party to ask, and whether the
     *     party's right to the work is evidenced; empty unless the verdict is {@code ask}
     */
    public record Judged(List<Subject> subjects, Verdicts verdicts, Map<PartyId, Decider> toAsk) {
        /** Returns the verdict on the asked uses together. */
        public Verdict verdict() {
            return verdicts.verdict();
        }
    }

    /**
     * The statement by which a party decides about a work.
     *
     * @param statedAt the position of the entry that makes the statement
     * @param evidenced true if the right of the party to the work is evidenced
     */
    public record Decider(long statedAt, boolean evidenced) {}

    /** Returns the judgement on each work now, in order. */
    public List<Judged> judge(List<List<Subject>> works, Collection<Use> uses) {
        IndexView view = index.view();
        Instant moment = clock.instant();
        List<Judged> judged = new ArrayList<>(works.size());
        for (int from = 0; from < works.size(); from += TOGETHER) {
            List<List<Subject>> some = works.subList(from, Math.min(works.size(), from + TOGETHER));
            List<Subject> subjects = new ArrayList<>();
            some.forEach(subjects::addAll);
            List<List<Match>> reaching = index.reading(() -> view.reaching(subjects));
            int start = 0;
            for (List<Subject> work : some) {
                judged.add(judge(work, reaching.subList(start, start + work.size()), uses, moment));
                start += work.size();
            }
        }
        return judged;
    }

    private static Judged judge(List<Subject> work, List<List<Match>> reaching, Collection<Use> uses, Instant moment) {
        Map<Statement, Match> matches = new LinkedHashMap<>();
        reaching.forEach(some -> some.forEach(match -> matches.putIfAbsent(match.statement(), match)));
        Verdicts verdicts = Verdicts.of(List.copyOf(matches.keySet()), uses, moment);
        Map<PartyId, Decider> toAsk = new LinkedHashMap<>();
        if (verdicts.verdict() == Verdict.ASK) {
            for (Verdicts.Assessment assessment : verdicts.assessments()) {
                Statement statement = assessment.statement();
                Match match = matches.get(statement);
                if (match != null && assessment.decides() && Offers.isToAsk(assessment, moment)) {
                    toAsk.putIfAbsent(statement.party(), new Decider(match.statedAt(), statement.evidenced()));
                }
            }
        }
        return new Judged(work, verdicts, toAsk);
    }

    /** Returns the offers in force that fit the work now. */
    public List<Offer> offers(List<Subject> work, Collection<Use> uses, Offers.Book book) throws SQLException {
        IndexView view = index.view();
        Instant moment = clock.instant();
        Map<Statement, Match> matches = new LinkedHashMap<>();
        index.reading(() -> view.reaching(work))
                .forEach(some -> some.forEach(match -> matches.putIfAbsent(match.statement(), match)));
        Verdicts verdicts = Verdicts.of(List.copyOf(matches.keySet()), uses, moment);
        List<Long> positions = matches.entrySet().stream()
                .filter(match -> !book.of(match.getKey().party()).isEmpty())
                .map(match -> match.getValue().statedAt())
                .toList();
        Map<Long, DeclarationId> declarations = declarations(positions);
        return book.fitting(
                verdicts,
                statement -> {
                    Match match = matches.get(statement);
                    return match == null ? NO_DECLARATION : declarations.getOrDefault(match.statedAt(), NO_DECLARATION);
                },
                work,
                moment);
    }

    /** Returns the declarations that are stated at the positions. */
    private Map<Long, DeclarationId> declarations(Collection<Long> positions) throws SQLException {
        Map<Long, DeclarationId> declarations = new HashMap<>();
        if (!positions.isEmpty()) {
            ledger.summaries(positions).forEach((at, entry) -> declarations.put(at, entry.declaration()));
        }
        return declarations;
    }

    /**
     * Returns for each judged work whether the offer applies to it.
     *
     * @param judged works for which the licensor of the offer is a party to ask
     */
    public List<Boolean> covered(Offer offer, List<Judged> judged) throws SQLException {
        Map<Long, DeclarationId> declarations = new HashMap<>();
        if (!offer.coverage().declarations().isEmpty()) {
            List<Long> positions = new ArrayList<>();
            for (Judged work : judged) {
                Decider decider = work.toAsk().get(offer.party());
                if (decider != null) {
                    positions.add(decider.statedAt());
                }
            }
            for (int from = 0; from < positions.size(); from += READ_TOGETHER) {
                declarations.putAll(
                        declarations(positions.subList(from, Math.min(positions.size(), from + READ_TOGETHER))));
            }
        }
        List<Boolean> covered = new ArrayList<>(judged.size());
        for (Judged work : judged) {
            Decider decider = work.toAsk().get(offer.party());
            DeclarationId declaration =
                    decider == null ? NO_DECLARATION : declarations.getOrDefault(decider.statedAt(), NO_DECLARATION);
            covered.add(decider != null && offer.covers(() -> declaration, work.subjects()));
        }
        return covered;
    }
}
