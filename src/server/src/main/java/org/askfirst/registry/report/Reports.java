package org.askfirst.registry.report;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ReportEntry;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.grant.GrantReader;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.party.Notices;

/**
 * Opens reports, receives their lines, and files them.
 *
 * <p>Lines are durable in blocks, so a broken call continues after the last block. Filing closes the report in one
 * transaction, and then records two entries. If the service dies in between, the same call records what is missing; the
 * report counts only once its statement is recorded.
 */
@ApplicationScoped
class Reports {
    /** The number of lines of a report. */
    static final int MAX_LINES = 1_000_000;

    static final int MAX_REVISIONS = 100;

    /** The number of bytes of one call. */
    private static final long MAX_BODY = 512L << 20;

    private static final int BLOCK = 2_000;
    private static final int MOST_UNSEALED = 20;
    private static final Duration KEPT_UNSEALED = Duration.ofDays(30);

    /** The number of reports that are closed at once on this node: the database sorts the lines of each. */
    private static final int TOGETHER = 2;

    private static final int PATIENCE_SECONDS = 60;

    private final ReportStore store;
    private final Sealing sealing;
    private final GrantReader grants;
    private final IndexFollower index;
    private final DataSource dataSource;
    private final Budgets budgets;
    private final Ledger ledger;
    private final Notices notices;
    private final IdSource ids;
    private final Clock clock;
    private final Semaphore places = new Semaphore(TOGETHER);

    Reports(
            ReportStore store,
            Sealing sealing,
            GrantReader grants,
            IndexFollower index,
            DataSource dataSource,
            Budgets budgets,
            Ledger ledger,
            Notices notices,
            IdSource ids,
            Clock clock) {
        this.store = store;
        this.sealing = sealing;
        this.grants = grants;
        this.index = index;
        this.dataSource = dataSource;
        this.budgets = budgets;
        this.ledger = ledger;
        this.notices = notices;
        this.ids = ids;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        deleteUntouched();
    }

    private void deleteUntouched() throws SQLException {
        store.deleteUntouched(clock.instant().minus(KEPT_UNSEALED));
    }

    /**
     * A revision as a path names it.
     *
     * @param grant a grant of which the reader is a side
     */
    record Place(GrantFacts grant, ReportPeriod period, int revision) {
        /**
         * Reads the parts of a path.
         *
         * @throws ProblemException {@link Problem#NOT_FOUND} if the path can name no report
         */
        static Place of(GrantFacts grant, String period, String revision) {
            ReportPeriod parsed = ReportPeriod.parse(period).orElseThrow(Place::missing);
            if (!revision.matches("[1-9][0-9]{0,2}")) {
                throw missing();
            }
            return new Place(grant, parsed, Integer.parseInt(revision));
        }

        static ProblemException missing() {
            return Problem.NOT_FOUND.because("There is no such usage report");
        }
    }

    /**
     * Returns the grant of which the reader is a side.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND}
     */
    GrantFacts grant(String id, PartyId reader) throws SQLException {
        return grants.find(id, reader).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such grant of yours"));
    }

    /**
     * Returns a revision that the reader may see.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND}
     */
    FiledReport find(Place place, PartyId reader) throws SQLException {
        return store.find(place.grant().id(), place.period(), place.revision())
                .filter(report -> report.isShownTo(reader))
                .orElseThrow(Place::missing);
    }

    /** Requires the licensee, which alone writes reports. */
    static void requireLicensee(GrantFacts grant, PartyId caller) {
        if (!grant.licensee().equals(caller)) {
            throw Problem.FORBIDDEN.because("Only the licensee reports what it used");
        }
    }

    /**
     * Opens a revision, or changes the facts of one that receives lines. The same call again changes nothing.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if the period does not fit the grant, {@link
     *     Problem#REPORT_NOT_READY} if the revision before it is not filed, or this one is filed with other facts
     */
    FiledReport open(Place place, ReportFacts facts) throws SQLException {
        FiledReport existing =
                store.find(place.grant().id(), place.period(), place.revision()).orElse(null);
        if (existing == null) {
            requirePeriod(place);
            if (place.revision() != store.lastFiled(place.grant().id(), place.period()) + 1) {
                throw Problem.REPORT_NOT_READY.because("The next revision of this period is "
                        + (store.lastFiled(place.grant().id(), place.period()) + 1));
            }
            if (place.revision() > MAX_REVISIONS) {
                throw Problem.REPORT_NOT_READY.because("A period has at most " + MAX_REVISIONS + " revisions");
            }
            deleteUntouched();
            if (store.unsealed(place.grant().licensee()) >= MOST_UNSEALED) {
                throw Problem.REPORT_NOT_READY.because(
                        "You have " + MOST_UNSEALED + " reports that receive lines; file or delete one of them first");
            }
            FiledReport opened = new FiledReport(
                    new ReportId(ids.next()),
                    place.grant().id(),
                    place.grant().licensor(),
                    place.grant().licensee(),
                    new PartyId(ids.next()),
                    place.period(),
                    place.revision(),
                    facts,
                    0,
                    null,
                    null,
                    null,
                    true,
                    clock.instant());
            if (!store.open(opened, clock.instant())) {
                // The same call came twice at once.
                return open(place, facts);
            }
        } else if (!existing.facts().equals(facts) && !store.change(existing.id(), facts, clock.instant())) {
            throw Problem.REPORT_NOT_READY.because(
                    "The revision is filed with other facts; a correction is revision " + (place.revision() + 1));
        }
        return find(place, place.grant().licensee());
    }

    private void requirePeriod(Place place) {
        GrantFacts grant = place.grant();
        if (place.period().kind() != ReportPeriod.expected(grant.terms().reporting())) {
            throw Parameters.refused(
                    "period",
                    Reason.CONFLICT,
                    "the grant is reported by "
                            + ReportPeriod.expected(grant.terms().reporting()).wireName());
        }
        if (!place.period().overlaps(grant.from(), grant.endsAt())) {
            throw Parameters.refused("period", Reason.CONFLICT, "the grant is not in force in this period");
        }
        if (clock.instant().isBefore(place.period().from())) {
            throw Parameters.refused("period", Reason.FUTURE, "the period has not begun");
        }
    }

    /** Deletes a revision that receives lines. */
    void delete(Place place) throws SQLException {
        FiledReport report = find(place, place.grant().licensee());
        if (!store.delete(report.id())) {
            throw Problem.REPORT_NOT_READY.because("The revision is filed; a correction is a new revision");
        }
    }

    /**
     * Receives lines.
     *
     * @param after the number of lines before the first line of the body; lines that the report has already are skipped
     * @param isTable true if the body is CSV, whose first line names the columns
     * @param address the address of the licensee, for budgets
     * @throws ProblemException {@link Problem#REPORT_NOT_READY} if the report has fewer lines than {@code after}, or is
     *     filed; {@link Problem#TOO_LARGE} after the last line that it may have; {@link Problem#BUDGET_SPENT}. Earlier
     *     lines of the body stay
     */
    FiledReport receive(Place place, int after, boolean isTable, String address, InputStream body) throws SQLException {
        FiledReport report = find(place, place.grant().licensee());
        if (report.seal() != null) {
            throw Problem.REPORT_NOT_READY.because("The revision is filed; a correction is a new revision");
        }
        if (after > report.lines()) {
            throw Problem.REPORT_NOT_READY.because(
                    "The registry received " + report.lines() + " lines; continue after this line");
        }
        GrantFacts grant = place.grant();
        LineJudge judge = new LineJudge(index, dataSource, grant, grant.everything() ? null : grants.coverage(grant));
        Lines lines = new Lines(body, SentLine.MAX_BYTES, () -> {});
        SentLine.Format format = isTable ? SentLine.ofTable(lines.next()) : SentLine::ofJson;
        int stored = report.lines();
        int number = after;
        List<SentLine> block = new ArrayList<>(BLOCK);
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            if (lines.received() > MAX_BODY) {
                store(report, stored, judge, block, address);
                throw Problem.TOO_LARGE.because(
                        "A call has at most " + (MAX_BODY >> 20) + " MiB; send the other lines in another call");
            }
            if (line.isBlank()) {
                continue;
            }
            number++;
            if (number > MAX_LINES) {
                store(report, stored, judge, block, address);
                throw Problem.TOO_LARGE.because("A report has at most " + MAX_LINES + " lines");
            }
            if (number > stored + block.size()) {
                block.add(format.read(line));
            }
            if (block.size() == BLOCK) {
                store(report, stored, judge, block, address);
                stored += BLOCK;
                block.clear();
            }
        }
        store(report, stored, judge, block, address);
        return find(place, grant.licensee());
    }

    private void store(FiledReport report, int stored, LineJudge judge, List<SentLine> block, String address)
            throws SQLException {
        if (block.isEmpty()) {
            return;
        }
        budgets.take(Budget.REPORT_LINES, block.size(), report.licensee(), address);
        if (!store.append(report.id(), stored, judge.judge(block), clock.instant())) {
            throw Problem.REPORT_NOT_READY.because(
                    "Another call sends lines of this report, or it was filed meanwhile; see how many lines it has");
        }
    }

    /**
     * Files a revision and issues its statement. The same call again changes nothing.
     *
     * @param lines the number of lines that the licensee sent
     */
    FiledReport file(Place place, int lines) throws SQLException {
        FiledReport report = find(place, place.grant().licensee());
        if (report.seal() == null) {
            seal(report, place.grant(), lines);
            report = find(place, place.grant().licensee());
        } else if (report.lines() != lines) {
            throw Problem.REPORT_NOT_READY.because("The revision is filed with " + report.lines() + " lines");
        }
        if (report.isFiled()) {
            return report;
        }
        record(report);
        FiledReport filed = find(place, place.grant().licensee());
        notices.addFrom(
                filed.licensee(),
                filed.licensor(),
                clock.instant(),
                Notices.Kind.REPORT_FILED,
                filed.grant().toString());
        return filed;
    }

    private void seal(FiledReport report, GrantFacts grant, int lines) throws SQLException {
        try {
            if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.UNAVAILABLE.because("Other reports are being filed; try again in a moment");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("The registry is stopping");
        }
        try {
            sealing.seal(report, grant, lines, clock.instant());
        } finally {
            places.release();
        }
    }

    /** Records the entries that are missing. */
    private void record(FiledReport report) throws SQLException {
        if (report.filed() == null) {
            propose(
                    Confidential.ofLicense(Statements.filed(report, store.counts(report.id()))),
                    commitment -> new ReportEntry.ReportFiled(report.id(), report.alias(), commitment));
        }
        FiledReport.Seal seal = report.seal();
        if (seal != null) {
            propose(
                    Confidential.ofLicense(seal.tree()),
                    commitment -> new ReportEntry.StatementIssued(report.id(), report.alias(), commitment));
        }
    }

    /** Records an entry. It may be recorded already, by the same call at the same time. */
    private void propose(Confidential confidential, Proposal.CommittedEntry entry) {
        try {
            Ledger.await(ledger.propose(Proposal.confidential(confidential, Authority.REGISTRY, entry)));
        } catch (ProblemException refused) {
            if (refused.problem() != Problem.NOTHING_TO_CHANGE) {
                throw refused;
            }
        }
    }
}
