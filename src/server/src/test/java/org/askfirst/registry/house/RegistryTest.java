package org.askfirst.registry.house;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.registry.indexing.EffectsChecker;
import org.askfirst.registry.indexing.IndexChecker;
import org.askfirst.registry.operator.Operator;
import org.askfirst.testkit.LedgerChecker;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.AfterAll;

/** A test against the running service; when its class is done the whole ledger is proved. Each is a {@code @QuarkusTest} too. */
@QuarkusTestResource(TestDatabase.class)
public abstract class RegistryTest {
    static {
        Party.operatorKeyFrom(() ->
                Arc.container().instance(Operator.class).get().makeKey(true).orElseThrow());
    }

    @AfterAll
    static void theLedgerHolds() {
        LedgerChecker.check();
        IndexChecker.check();
        EffectsChecker.check();
    }
}
