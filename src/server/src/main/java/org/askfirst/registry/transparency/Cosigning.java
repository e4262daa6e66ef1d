package org.askfirst.registry.transparency;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.NoteSignature;
import org.askfirst.tlog.SignedNote;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Asks the witnesses to cosign each new checkpoint, and the last one again every minute, so that its cosignatures say
 * that the log still ends there. One node at a time does so.
 *
 * <p>A checkpoint is stored with its cosignatures as soon as there are enough ({@link Witnesses#quorum}). Nothing else
 * waits for witnesses: entries are recorded and signed without them.
 */
@ApplicationScoped
class Cosigning {
    private static final Logger LOG = Logger.getLogger(Cosigning.class);
    private static final Duration LEASE = Duration.ofSeconds(20);
    /** The time that all witnesses together have for their answers. It is shorter than the lease. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int PAUSE_MILLIS = 300;

    private final LogStore store;
    private final Witnesses witnesses;
    private final Clock clock;
    private final boolean serving;
    private final MeterRegistry meters;
    private final UUID node = UUID.randomUUID();
    private final List<WitnessClient> clients = new ArrayList<>();
    private final ExecutorService asking = Executors.newCachedThreadPool(task -> daemon(task, "witness"));
    private final Thread thread = daemon(this::run, "log-cosigning");
    private volatile boolean stopping;
    private volatile long coveredAt = System.nanoTime();
    private Instant askedAt = Instant.EPOCH;

    Cosigning(
            LogStore store,
            Witnesses witnesses,
            Clock clock,
            MeterRegistry meters,
            @ConfigProperty(name = "askfirst.serving", defaultValue = "true") boolean serving) {
        this.store = store;
        this.witnesses = witnesses;
        this.clock = clock;
        this.meters = meters;
        this.serving = serving;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread daemon = new Thread(task, name);
        daemon.setDaemon(true);
        return daemon;
    }

    /** Starts after {@link LogPublisher}, which opens the log. */
    void start(@Observes @Priority(LogPublisher.BEFORE_OTHERS + 1) StartupEvent event) {
        if (witnesses.all().isEmpty() || !serving) {
            return;
        }
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        witnesses.all().forEach(witness -> clients.add(new WitnessClient(witness, http)));
        Gauge.builder("askfirst.log.cosigned.age", this, cosigning -> (System.nanoTime() - cosigning.coveredAt) / 1e9)
                .description("Time since a checkpoint with enough cosignatures was the newest")
                .baseUnit("seconds")
                .register(meters);
        thread.start();
    }

    void stop(@Observes @Priority(LogPublisher.BEFORE_OTHERS) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        asking.shutdownNow();
        if (thread.isAlive()) {
            thread.join(LEASE.toMillis());
        }
    }

    private void run() {
        while (!stopping) {
            try {
                round();
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException stopped) {
                LOG.debug("The cosigning was interrupted to stop");
            } catch (SQLException | MalformedException | RuntimeException failure) {
                LOG.warn("Witnesses could not be asked; retrying", failure);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws SQLException, InterruptedException, MalformedException {
        Instant now = clock.instant();
        Optional<LogStore.Cosigned> leased = store.leaseCosigning(node, now, now.plus(LEASE));
        if (leased.isEmpty()) {
            return;
        }
        LogStore.Cosigned before = leased.get();
        LogStore.Signed signed = store.signed().orElseThrow();
        boolean isCovered = before.checkpoint() != null && before.size() == signed.size();
        if (isCovered) {
            coveredAt = System.nanoTime();
        }
        Instant last = isCovered ? before.askedAt() : askedAt;
        // A quorum that was missed is tried again in a second, and an old cosignature is renewed in a minute.
        Duration wait = isCovered ? AGAIN : Duration.ofSeconds(1);
        if (isCovered && now.isBefore(last.plus(wait)) && !now.isBefore(last)) {
            return;
        }
        askedAt = now;
        SignedNote checkpoint = SignedNote.parse(signed.checkpoint());
        List<NoteSignature> signatures = new ArrayList<>(checkpoint.signatures());
        int cosigned = 0;
        for (List<NoteSignature> ofWitness : ask(checkpoint, signed.size(), before)) {
            cosigned += ofWitness.isEmpty() ? 0 : 1;
            signatures.addAll(ofWitness);
        }
        if (cosigned >= Math.max(1, witnesses.quorum())) {
            store.storeCosigned(
                    signed.size(), checkpoint.withSignatures(signatures).toString(), clock.instant());
            coveredAt = System.nanoTime();
        } else {
            Thread.sleep(Duration.ofSeconds(1).toMillis());
        }
    }

    /** Asks all witnesses at once. Returns the signatures of each; of one that does not answer, those that it gave before. */
    private List<List<NoteSignature>> ask(SignedNote checkpoint, long size, LogStore.Cosigned before)
            throws InterruptedException {
        List<Future<WitnessClient.Answer>> answers = new ArrayList<>();
        for (WitnessClient client : clients) {
            answers.add(asking.submit(() -> client.cosign(checkpoint, size, store)));
        }
        List<List<NoteSignature>> signatures = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; i < answers.size(); i++) {
            Witnesses.Witness witness = clients.get(i).witness();
            WitnessClient.Answer answer;
            try {
                answer = answers.get(i).get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException stalled) {
                // It may have sent the head of an answer and nothing else. The others have answered.
                answers.get(i).cancel(true);
                LOG.warnf("The witness %s does not answer in time", witness.name());
                answer = WitnessClient.Answer.without(WitnessClient.Outcome.UNANSWERED);
            } catch (ExecutionException failed) {
                LOG.warnf(failed.getCause(), "The witness %s could not be asked", witness.name());
                answer = WitnessClient.Answer.without(WitnessClient.Outcome.UNANSWERED);
            }
            count(witness, answer.outcome());
            signatures.add(answer.signatures().isEmpty() ? earlier(witness, checkpoint, before) : answer.signatures());
        }
        return signatures;
    }

    private static List<NoteSignature> earlier(
            Witnesses.Witness witness, SignedNote checkpoint, LogStore.Cosigned before) {
        try {
            SignedNote note = before.checkpoint() == null ? checkpoint : SignedNote.parse(before.checkpoint());
            if (note.text().equals(checkpoint.text())) {
                note.verify(List.of(witness.verifier()));
                return note.signatures().stream()
                        .filter(signature -> signature.isMeantFor(witness.verifier()))
                        .toList();
            }
        } catch (MalformedException | NotProvenException none) {
            LOG.debugf("There is no earlier cosignature of %s", witness.name());
        }
        return List.of();
    }

    private void count(Witnesses.Witness witness, WitnessClient.Outcome outcome) {
        meters.counter(
                        "askfirst.log.witness.answers",
                        "witness",
                        witness.name(),
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
