package org.askfirst.registry.witness;

import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.askfirst.registry.transparency.LogMismatchException;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.MalformedException;

/** The command {@code witness}, which serves a witness until it is stopped. It needs no database. */
public final class WitnessCommand {
    public static final String NAME = "witness";

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 8090;
    private static final int MISUSED = 2;

    private WitnessCommand() {}

    /** Runs the command and returns its exit status. */
    public static int run(SmallRyeConfig config) {
        String name =
                config.getOptionalValue("askfirst.witness.name", String.class).orElse("");
        List<String> keys =
                config.getOptionalValues("askfirst.witness.logs", String.class).orElse(List.of());
        if (name.isEmpty() || keys.isEmpty()) {
            System.err.println("Set ASKFIRST_WITNESS_NAME to the name of the witness, such as witness.example.org, and"
                    + " ASKFIRST_WITNESS_LOGS to the verifier keys of the logs, separated by commas. A registry shows"
                    + " its key at /log/verifier-key.");
            return MISUSED;
        }
        Path folder = Path.of(
                config.getOptionalValue("askfirst.witness.folder", String.class).orElse("witness"));
        InetSocketAddress address = new InetSocketAddress(
                config.getOptionalValue("askfirst.witness.host", String.class).orElse(DEFAULT_HOST),
                config.getOptionalValue("askfirst.witness.port", Integer.class).orElse(DEFAULT_PORT));
        try {
            List<Ed25519Verifier> logs = new ArrayList<>();
            for (String key : keys) {
                logs.add(Ed25519Verifier.parse(key.strip()));
            }
            CountDownLatch stopped = new CountDownLatch(1);
            try (WitnessServer server = WitnessServer.start(name, logs, folder, address, InstantSource.system())) {
                Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
                System.out.println("The witness is ready.");
                System.out.println("  key      " + server.verifier().verifierKey());
                System.out.println("  address  http://" + server.address().getHostString() + ":"
                        + server.address().getPort() + "/");
                System.out.println("  folder   " + folder.toAbsolutePath());
                logs.forEach(log -> System.out.println("  log      " + log.name()));
                stopped.await();
            }
            return 0;
        } catch (IOException | MalformedException | LogMismatchException | IllegalArgumentException failure) {
            System.err.println("The witness cannot start: " + failure.getMessage());
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
