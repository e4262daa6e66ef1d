package org.askfirst.registry;

import io.quarkus.test.common.QuarkusTestResource;
import org.askfirst.ledger.LedgerChecker;
import org.askfirst.lookup.EffectsChecker;
import org.askfirst.lookup.IndexChecker;
import org.askfirst.ops.TestDatabase;
import org.junit.jupiter.api.AfterAll;

/** A test against the running service; when its class is done the whole ledger is proved. Each is a {@code @QuarkusTest} too. */
@QuarkusTestResource(TestDatabase.class)
public abstract class RegistryTest {
    @AfterAll
    static void theLedgerHolds() {
        LedgerChecker.check();
        IndexChecker.check();
        EffectsChecker.check();
    }
}
