package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.id;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.GrantEntry;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MeasureEntry;
import org.askfirst.entry.OfferEntry;
import org.askfirst.entry.ReportEntry;
import org.askfirst.entry.TrustEntry;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Proves a whole ledger, from the outside: reads the tables in one snapshot and trusts nothing but the entries.
 *
 * <p>Positions are gapless, times never go back, every entry is canonical and hashes to its leaf, commitments hold,
 * nothing personal stands in an entry, and the projections are what folding the entries gives; folded here anew, by
 * other code than the service's.
 */
public final class LedgerChecker {
    private final LedgerSnapshot snapshot;
    private final DeclarationsCheck declarations = new DeclarationsCheck();
    private final RepertoiresCheck repertoires = new RepertoiresCheck(declarations);
    private final ControlsCheck controls = new ControlsCheck();
    private final TrustCheck trust = new TrustCheck();
    private final MandatesCheck mandates = new MandatesCheck();
    private final AccountsCheck accounts = new AccountsCheck();
    private final DisputesCheck disputes = new DisputesCheck();
    private final MeasuresCheck measures = new MeasuresCheck();
    private final OffersCheck offers = new OffersCheck();
    private final LicensesCheck licenses = new LicensesCheck();
    private final GrantsCheck grants = new GrantsCheck();
    private final ReportsCheck reports = new ReportsCheck();
    private final Map<String, List<Long>> acts = new HashMap<>();

    private LedgerChecker(LedgerSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Checks the database that the service under test is configured with. */
    public static void check() {
        Config config = ConfigProvider.getConfig();
        check(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    /** Checks the ledger in that database; fails with the first thing that does not hold. */
    public static void check(String url, String user, String password) {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            new LedgerChecker(new LedgerSnapshot(connection)).checkAll();
            connection.rollback();
        } catch (SQLException failure) {
            throw new AssertionError("the ledger cannot be read", failure);
        }
    }

    private void checkAll() throws SQLException {
        LedgerEntriesCheck entries = new LedgerEntriesCheck(snapshot, (position, recordedAt, entry) -> {
            entry.accept(new Fold(position, recordedAt));
            acts.computeIfAbsent(id(entry), id -> new ArrayList<>()).add(position);
        });
        entries.check();
        for (ProjectionCheck projection : List.of(
                declarations,
                repertoires,
                controls,
                trust,
                mandates,
                accounts,
                disputes,
                measures,
                offers,
                licenses,
                grants,
                reports)) {
            projection.compare(snapshot);
        }
        CheckpointCheck.check(snapshot, entries.leaves());
    }

    /** Folds one entry; a kind that is not handled here does not compile. */
    private final class Fold implements Entry.Cases<RuntimeException> {
        private final long position;
        private final Instant recordedAt;

        Fold(long position, Instant recordedAt) {
            this.position = position;
            this.recordedAt = recordedAt;
        }

        @Override
        public void controlProved(ControlEntry.ControlProved proved) {
            controls.prove(position, recordedAt, proved);
        }

        @Override
        public void controlRevoked(ControlEntry.ControlRevoked revoked) {
            controls.revoke(position, revoked);
        }

        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided ruled) {
            trust.rule(id(ruled), position, ruled);
        }

        @Override
        public void vouchingChanged(TrustEntry.VouchingChanged changed) {
            trust.vouch(position, recordedAt, changed);
        }

        @Override
        public void described(AccountEntry.Described described) {
            accounts.describe(position, described);
        }

        @Override
        public void contactChecked(AccountEntry.ContactChecked checked) {
            accounts.checkContact(position, checked);
        }

        @Override
        public void recoveryChanged(AccountEntry.RecoveryChanged changed) {
            accounts.recover(position, recordedAt, changed);
        }

        @Override
        public void successorNamed(AccountEntry.SuccessorNamed named) {
            accounts.nameSuccessor(position, named);
        }

        @Override
        public void succeeded(AccountEntry.Succeeded succeeded) {
            accounts.succeed(position, succeeded);
        }

        @Override
        public void mandateMade(MandateEntry.MandateMade made) {
            mandates.make(position, made, snapshot.beside(position));
        }

        @Override
        public void mandateChanged(MandateEntry.MandateChanged changed) {
            mandates.change(position, recordedAt, changed);
        }

        @Override
        public void erased(AccountEntry.Erased erased) {
            offers.endAll(position, erased.party());
            mandates.erase(id(erased), snapshot);
            accounts.erase(id(erased), position);
            declarations.erase(id(erased));
            for (long act : acts.getOrDefault(id(erased), List.of())) {
                assertNull(snapshot.beside(act), () -> "erased, but something is kept beside entry " + act);
            }
        }

        @Override
        public void rejected(DisputeEntry.Rejected rejected) {
            disputes.reject(position, recordedAt, rejected);
        }

        @Override
        public void rejectionWithdrawn(DisputeEntry.RejectionWithdrawn withdrawn) {
            disputes.withdraw(position, recordedAt, withdrawn);
        }

        @Override
        public void disputeFiled(DisputeEntry.DisputeFiled filed) {
            disputes.file(position, recordedAt, filed);
        }

        @Override
        public void disputeStepped(DisputeEntry.DisputeStepped stepped) {
            disputes.step(position, recordedAt, stepped);
        }

        @Override
        public void disputeDecided(DisputeEntry.DisputeDecided decided) {
            disputes.decide(position, recordedAt, decided);
        }

        @Override
        public void measureChanged(MeasureEntry.MeasureChanged changed) {
            measures.change(position, changed);
        }

        @Override
        public void offerStated(OfferEntry.OfferStated stated) {
            offers.state(position, stated);
        }

        @Override
        public void offerWithdrawn(OfferEntry.OfferWithdrawn withdrawn) {
            offers.end(position, withdrawn.offer());
        }

        @Override
        public void licenseRequested(LicenseEntry.LicenseRequested requested) {
            licenses.request(position, recordedAt, requested);
        }

        @Override
        public void licenseStepped(LicenseEntry.LicenseStepped stepped) {
            licenses.step(position, recordedAt, stepped);
        }

        @Override
        public void granted(GrantEntry.Granted granted) {
            grants.give(position, recordedAt, granted);
        }

        @Override
        public void grantRevoked(GrantEntry.Revoked revoked) {
            grants.revoke(position, recordedAt, revoked);
        }

        @Override
        public void reportFiled(ReportEntry.ReportFiled filed) {
            reports.add(position, "filed", filed);
        }

        @Override
        public void statementIssued(ReportEntry.StatementIssued issued) {
            reports.add(position, "issued", issued);
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) {
            repertoires.list(position, listed);
        }

        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) {
            declarations.withdraw(position, withdrawn);
        }

        @Override
        public void stated(DeclarationEntry.Stated stated) {
            declarations.state(position, stated, snapshot.beside(position));
            repertoires.state(stated);
            mandates.state(position, stated);
        }
    }
}
