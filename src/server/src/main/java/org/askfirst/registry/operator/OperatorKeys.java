package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.registry.files.PrivateFiles;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/**
 * The operator's keys. Each has a name, and there is always at least one.
 *
 * <p>Only commands on the registry's own machine add and revoke keys. A key that could add keys could also confirm its
 * own acts.
 */
@ApplicationScoped
public class OperatorKeys {
    /** The name of the key that the first start creates. */
    public static final String FIRST = "first";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final Parties parties;
    private final EntityManager entities;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    OperatorKeys(Parties parties, EntityManager entities, Clock clock) {
        this.parties = parties;
        this.entities = entities;
        this.clock = clock;
    }

    /** A valid key: its name, and the time at which it was created. */
    public record NamedKey(String name, Instant createdAt) {}

    /** Returns true if a key can have the name: a lower-case letter, and at most 31 more of a-z, 0-9 and hyphen. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Creates the first key and writes it to a file that only the service's user can read. The database stores only its
     * hash.
     *
     * @param renew true to revoke the present first key and replace it; other keys stay
     * @return false if there is a key already and {@code renew} is false
     * @throws UncheckedIOException if the file cannot be written; then no key is created
     */
    @Transactional
    public boolean makeFirst(boolean renew, Path file) {
        lock();
        if (!renew && OperatorKeyRow.count("revokedAt is null") > 0) {
            return false;
        }
        OperatorKeyRow.update("revokedAt = ?1 where revokedAt is null and name = ?2", clock.instant(), FIRST);
        create(FIRST, file);
        return true;
    }

    /**
     * Creates a key and writes it to a new file that only the service's user can read.
     *
     * @return false if there is a valid key of that name
     * @throws UncheckedIOException if the file exists or cannot be written; then no key is created
     */
    @Transactional
    public boolean add(String name, Path file) {
        lock();
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of a key: " + name);
        }
        if (OperatorKeyRow.count("revokedAt is null and name = ?1", name) > 0) {
            return false;
        }
        if (Files.exists(file)) {
            throw new UncheckedIOException(new IOException("there is a file " + file + " already; move it away"));
        }
        create(name, file);
        return true;
    }

    /**
     * Revokes a key.
     *
     * @return false if there is no other valid key; then the key stays
     * @throws java.util.NoSuchElementException if there is no valid key of that name
     */
    @Transactional
    public boolean revoke(String name) {
        lock();
        OperatorKeyRow row = OperatorKeyRow.<OperatorKeyRow>find("revokedAt is null and name = ?1", name)
                .firstResultOptional()
                .orElseThrow();
        if (OperatorKeyRow.count("revokedAt is null") == 1) {
            return false;
        }
        row.revokedAt = clock.instant();
        return true;
    }

    /** Returns the valid keys, oldest first. */
    @Transactional
    public List<NamedKey> all() {
        return OperatorKeyRow.<OperatorKeyRow>list("revokedAt is null order by createdAt, name").stream()
                .map(row -> new NamedKey(row.name, row.createdAt))
                .toList();
    }

    /** Two nodes or commands must not change the keys at once. */
    private void lock() {
        entities.createNativeQuery("lock table party_operator_key in exclusive mode")
                .executeUpdate();
    }

    private void create(String name, Path file) {
        ApiKey key = ApiKey.make(ApiKey.OPERATOR_PREFIX, random);
        OperatorKeyRow row = new OperatorKeyRow();
        row.hash = key.hash();
        row.name = name;
        row.createdAt = clock.instant();
        row.persist();
        try {
            // Before the commit: a key that nobody knows would be worse than a file with a key that does not exist.
            PrivateFiles.write(file, key.text() + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("the operator's key cannot be written to " + file, failure);
        }
    }

    /**
     * Authenticates the operator.
     *
     * @return the authority, with the name of the key
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAUTHENTICATED} without a valid key, {@link
     *     Problem#FORBIDDEN} with the key of a party
     */
    Authority authority(@Nullable String authorization) throws SQLException {
        ApiKey key = Parties.key(authorization);
        if (key.text().startsWith(ApiKey.PARTY_PREFIX)) {
            parties.caller(authorization);
            throw Problem.FORBIDDEN.because("Only the operator may do this");
        }
        Optional<OperatorKeyRow> row = OperatorKeyRow.find("hash = ?1 and revokedAt is null", (Object) key.hash())
                .firstResultOptional();
        return key.authority().by(List.of(row.orElseThrow(Parties::unknownKey).name));
    }
}
