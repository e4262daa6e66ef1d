package org.askfirst.registry.house;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.registry.indexing.EffectsChecker;
import org.askfirst.registry.indexing.IndexChecker;
import org.askfirst.registry.operator.OperatorKeys;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.LedgerChecker;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.AfterAll;

/** A test against the running service; when its class is done the whole ledger is proved. Each is a {@code @QuarkusTest} too. */
@QuarkusTestResource(TestDatabase.class)
public abstract class RegistryTest {
    static {
        Party.operatorKeysFrom(RegistryTest::makeFirstKey, RegistryTest::makeSecondKey);
    }

    private static String makeFirstKey() {
        Path file = Path.of("target", "test-database", "operator.key");
        Arc.container().instance(OperatorKeys.class).get().makeFirst(true, file);
        return read(file);
    }

    private static String makeSecondKey() {
        Path file = Path.of("target", "test-database", "operator-second.key");
        OperatorKeys keys = Arc.container().instance(OperatorKeys.class).get();
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (!keys.add("second", file)) {
            // An earlier run left it in the database.
            Party.operatorKey();
            keys.revoke("second");
            keys.add("second", file);
        }
        return read(file);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Closes the account, and lets the time pass in which the party could undo it. */
    protected static void closes(Party party) {
        party.closes();
        try {
            Arc.container()
                    .instance(Parties.class)
                    .get()
                    .closeDue(TestClock.ofService().instant().plus(Duration.ofDays(7)));
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Makes the memberships of the party older, as if it had accepted them so much earlier. */
    protected static void makeMembershipsOlder(Party member, Duration time) {
        setAcceptances("accepted_at - make_interval(secs => ?) where member = ?::uuid", statement -> {
            statement.setDouble(1, (double) time.toSeconds());
            statement.setObject(2, PartyId.parse(member.id()).orElseThrow().number());
        });
    }

    private static void setAcceptances(String sql, Setter setter) {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement update = connection.prepareStatement("update party_vouch set accepted_at = " + sql)) {
            setter.set(update);
            update.executeUpdate();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private interface Setter {
        void set(PreparedStatement statement) throws SQLException;
    }

    @AfterAll
    static void theLedgerHolds() {
        setAcceptances(
                "(select recorded_at from ledger_entry e where e.position = party_vouch.position)"
                        + " where accepted_at is not null",
                statement -> {});
        LedgerChecker.check();
        IndexChecker.check();
        EffectsChecker.check();
    }
}
