package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.PrivateKey;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.jspecify.annotations.Nullable;

/**
 * The log's name and key, the same for as long as the log lives.
 *
 * <p>A log that went on under another key would be another log, and nobody could tell it from a forged one. So a
 * key that is missing, or is not the one the log was founded with, stops the node before it signs anything.
 */
@ApplicationScoped
public class LogKeys {
    private static final String DEFAULT_ORIGIN = "askfirst-registry/";
    private static final int ORIGIN_DIGITS = 8;

    private final LogStore store;
    private final LogConfig config;
    private final Clock clock;
    private @Nullable Ed25519Signer signer;
    private String origin = "";

    LogKeys(LogStore store, LogConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Founds the log if there is none, and takes its key in hand; once, before anything is signed.
     *
     * @throws LogMismatchException if the log cannot go on under this key, saying why
     */
    void open() throws SQLException {
        Optional<PrivateKey> key = KeyFile.read(config.keyFile());
        Optional<LogStore.Signed> founded = store.signed();
        if (founded.isEmpty()) {
            PrivateKey made = key.isPresent() ? key.get() : KeyFile.make(config.keyFile());
            key = Optional.of(made);
            found(made);
            founded = store.signed();
        }
        LogStore.Signed log = founded.orElseThrow();
        PrivateKey own = key.orElseThrow(() -> new LogMismatchException("the log " + log.origin()
                + " was founded with a key that should be in "
                + config.keyFile().toAbsolutePath()
                + " and is not there. Put it back; without it the log cannot go on. docs/operations.md tells more"));
        if (config.origin().filter(name -> !name.equals(log.origin())).isPresent()) {
            throw new LogMismatchException("the log was founded as " + log.origin() + " and cannot be renamed to "
                    + config.origin().get());
        }
        Ed25519Signer candidate = Ed25519Signer.of(log.origin(), own);
        if (!candidate.verifier().verifierKey().equals(log.verifierKey())) {
            throw new LogMismatchException("the key in " + config.keyFile().toAbsolutePath()
                    + " is not the one the log " + log.origin()
                    + " was founded with. Put that one back; going on with another would fork the log");
        }
        origin = log.origin();
        signer = candidate;
    }

    private void found(PrivateKey key) throws SQLException {
        String digits = Hash.of(Ed25519.raw(Ed25519.publicKey(key))).hex().substring(0, ORIGIN_DIGITS);
        String name = config.origin().orElse(DEFAULT_ORIGIN + digits);
        Ed25519Signer founder = Ed25519Signer.of(name, key);
        Frontier empty = Frontier.empty();
        String checkpoint = Checkpoint.of(name, 0, MerkleTree.emptyRoot())
                .sign(List.of(founder))
                .toString();
        store.found(new LogStore.Signed(name, founder.verifier().verifierKey(), empty, checkpoint), clock.instant());
    }

    /** The log's name. */
    public String origin() {
        return origin;
    }

    /** Signs a tree of that frontier. */
    String sign(Frontier frontier) {
        return Checkpoint.of(origin, frontier.size(), frontier.root())
                .sign(List.of(signer()))
                .toString();
    }

    /** What the log's checkpoints verify with. */
    Ed25519Verifier verifier() {
        return signer().verifier();
    }

    private Ed25519Signer signer() {
        Ed25519Signer opened = signer;
        if (opened == null) {
            throw new IllegalStateException("the log is not open");
        }
        return opened;
    }
}
