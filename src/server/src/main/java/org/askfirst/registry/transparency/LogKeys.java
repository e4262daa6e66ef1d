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
 * The log's name and key, which never change.
 *
 * <p>A log with another key would be another log, and nobody could distinguish it from a forged one. Therefore the node
 * stops before it signs anything if the key is missing or is not the key with which the log was created.
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
     * Creates the log if there is none, and loads its key. It is called once, before anything is signed.
     *
     * @throws LogMismatchException if the log cannot continue with this key; its message states the reason
     */
    void open() throws SQLException {
        Optional<PrivateKey> key = KeyFile.read(config.keyFile());
        Optional<LogStore.Signed> signed = store.signed();
        if (signed.isEmpty()) {
            PrivateKey created = key.isPresent() ? key.get() : KeyFile.create(config.keyFile());
            key = Optional.of(created);
            createLog(created);
            signed = store.signed();
        }
        LogStore.Signed log = signed.orElseThrow();
        PrivateKey own = key.orElseThrow(() -> new LogMismatchException("the log " + log.origin()
                + " was created with a key that should be in "
                + config.keyFile().toAbsolutePath()
                + " and is not there. Put the key back; without it the log cannot continue. See docs/operations.md"));
        if (config.origin().filter(name -> !name.equals(log.origin())).isPresent()) {
            throw new LogMismatchException("the log was created as " + log.origin() + " and cannot be renamed to "
                    + config.origin().get());
        }
        Ed25519Signer candidate = Ed25519Signer.of(log.origin(), own);
        if (!candidate.verifier().verifierKey().equals(log.verifierKey())) {
            throw new LogMismatchException("the key in " + config.keyFile().toAbsolutePath()
                    + " is not the key with which the log " + log.origin()
                    + " was created. Put that key back; another key would fork the log");
        }
        origin = log.origin();
        signer = candidate;
    }

    private void createLog(PrivateKey key) throws SQLException {
        String digits = Hash.of(Ed25519.raw(Ed25519.publicKey(key))).hex().substring(0, ORIGIN_DIGITS);
        String name = config.origin().orElse(DEFAULT_ORIGIN + digits);
        Ed25519Signer noteSigner = Ed25519Signer.of(name, key);
        Frontier empty = Frontier.empty();
        String checkpoint = Checkpoint.of(name, 0, MerkleTree.emptyRoot())
                .sign(List.of(noteSigner))
                .toString();
        store.create(
                new LogStore.Signed(name, noteSigner.verifier().verifierKey(), empty, checkpoint), clock.instant());
    }

    /** Returns the log's name. */
    public String origin() {
        return origin;
    }

    /** Returns the signed checkpoint of the tree with this frontier. */
    String sign(Frontier frontier) {
        return sign(Checkpoint.of(origin, frontier.size(), frontier.root()));
    }

    /** Returns the checkpoint as a signed note. Its root must be that of the log at its size. */
    String sign(Checkpoint checkpoint) {
        return checkpoint.sign(List.of(signer())).toString();
    }

    /** Returns the verifier of the log's checkpoints. */
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
