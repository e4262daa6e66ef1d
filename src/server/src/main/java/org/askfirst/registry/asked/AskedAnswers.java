package org.askfirst.registry.asked;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.askfirst.id.PartyId;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;

/** Answers questions about lookups from the tables of counts. */
@ApplicationScoped
class AskedAnswers {
    private final CountStore counts;
    private final ChunkStore chunks;
    private final TallyWriter writer;
    private final Parties parties;
    private final Measures measures;
    private final AskedConfig config;
    private final Clock clock;

    AskedAnswers(
            CountStore counts,
            ChunkStore chunks,
            TallyWriter writer,
            Parties parties,
            Measures measures,
            AskedConfig config,
            Clock clock) {
        this.counts = counts;
        this.chunks = chunks;
        this.writer = writer;
        this.parties = parties;
        this.measures = measures;
        this.config = config;
        this.clock = clock;
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** Returns the moment up to which lookups are in the answers, on all nodes that store their counts in time. */
    Instant countedUntil() throws SQLException {
        Instant stored = clock.instant().minus(config.store());
        Instant here = writer.storedUntil();
        return chunks.countedUntil(here.isBefore(stored) ? here : stored);
    }

    /** Returns one page. */
    LookupCounts answer(CountStore.Scope scope, AskedQuestion question) throws SQLException {
        Instant until = countedUntil();
        SortedMap<LocalDate, ShownCounts> days =
                counts.days(scope, question.to()).tailMap(question.from());
        ShownCounts total = days.values().stream().reduce(ShownCounts.NONE, ShownCounts::plus);
        List<LookupCounts.Row> rows = rows(scope, question, days, question.limit() + 1);
        boolean more = rows.size() > question.limit();
        boolean works = question.by().equals(AskedQuestion.WORK);
        long error = works ? counts.sketchError(question.from()) : 0;
        long uncounted = counts.uncounted(question.from(), question.to());
        return new LookupCounts(
                scope.declaration() == null ? null : scope.declaration().toString(),
                question.by(),
                question.from().toString(),
                question.to().toString(),
                LookupCounts.LookupTotal.of(total),
                more ? rows.subList(0, question.limit()) : rows,
                more ? question.after() + question.limit() : null,
                until,
                ShownCounts.TENS,
                error == 0 ? null : error,
                uncounted == 0 ? null : uncounted);
    }

    private List<LookupCounts.Row> rows(
            CountStore.Scope scope, AskedQuestion question, SortedMap<LocalDate, ShownCounts> days, int limit)
            throws SQLException {
        List<LookupCounts.Row> rows = new ArrayList<>();
        switch (question.by()) {
            case AskedQuestion.DAY ->
                days.entrySet().stream()
                        .skip(question.after())
                        .limit(limit)
                        .forEach(day ->
                                rows.add(LookupCounts.Row.ofDay(day.getKey().toString(), day.getValue())));
            case AskedQuestion.ASKER -> {
                List<CountStore.OfAsker> askers =
                        counts.askers(scope, question.from(), question.to(), question.after(), limit);
                Map<PartyId, Parties.Face> faces = parties.faces(
                        askers.stream().map(CountStore.OfAsker::asker).collect(Collectors.toSet()));
                for (CountStore.OfAsker one : askers) {
                    Parties.Face face = faces.get(one.asker());
                    rows.add(LookupCounts.Row.ofAsker(
                            one.asker().toString(), face == null ? null : face.name(), one.lookups()));
                }
            }
            default -> {
                for (CountStore.OfWork work : counts.works(scope, question.from(), question.after(), limit)) {
                    String subject = work.subject();
                    rows.add(LookupCounts.Row.ofWork(
                            work.declaration().toString(),
                            subject == null ? null : measures.shownSubject(subject),
                            work.counts(),
                            work.more()));
                }
            }
        }
        return rows;
    }
}
