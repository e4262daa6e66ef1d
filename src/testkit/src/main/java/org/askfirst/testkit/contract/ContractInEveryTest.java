package org.askfirst.testkit.contract;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;

/**
 * Puts the {@link ContractFilter} before every {@code @QuarkusTest}, so that none can forget it.
 *
 * <p>Quarkus finds it by {@code META-INF/services}. A test that starts the packaged service itself calls
 * {@link ContractFilter#install()} once instead.
 */
public final class ContractInEveryTest implements QuarkusTestBeforeClassCallback {
    @Override
    public void beforeClass(Class<?> testClass) {
        ContractFilter.install();
    }
}
