package org.askfirst.registry.testsite;

import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command {@code testsite}, which serves the test site until it is stopped. It needs no database. */
public final class TestSiteCommand {
    public static final String NAME = "testsite";

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 8095;
    private static final int STOP_SECONDS = 5;

    private TestSiteCommand() {}

    /** Runs the command and returns its exit status. */
    public static int run(SmallRyeConfig config) {
        InetSocketAddress address = new InetSocketAddress(
                config.getOptionalValue("askfirst.testsite.host", String.class).orElse(DEFAULT_HOST),
                config.getOptionalValue("askfirst.testsite.port", Integer.class).orElse(DEFAULT_PORT));
        String shown = config.getOptionalValue("askfirst.testsite.address", String.class)
                .orElse("");
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (TestSite site = TestSite.start(address, shown, InstantSource.system())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, closed)));
            System.out.println("The test site is ready.");
            System.out.println("  pages     " + site.address() + "/");
            System.out.println("  manifest  " + site.address() + "/manifest.json");
            System.out.println("  registry  " + site.address() + "/registry/");
            System.out.println("  key       " + site.key());
            stopped.await();
            return 0;
        } catch (IOException | IllegalArgumentException failure) {
            System.err.println("The test site cannot start: " + failure.getMessage());
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            closed.countDown();
        }
    }

    /** Stops the site, and waits until its temporary files are removed. */
    private static void stop(CountDownLatch stopped, CountDownLatch closed) {
        stopped.countDown();
        try {
            if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The test site did not stop in time.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
