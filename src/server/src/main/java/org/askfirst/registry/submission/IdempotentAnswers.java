package org.askfirst.registry.submission;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the answers to requests with an {@code Idempotency-Key} for a day, so that a repeated request gets the first
 * answer and has no second effect.
 *
 * <p>Some answers contain a secret that the registry must not store, such as the key of a new party. So an answer is
 * encrypted under a key that is derived from the caller's API key and the {@code Idempotency-Key}. The registry stores
 * neither of them: whoever reads the table cannot read an answer, and whoever sends the same request again can. The
 * alternatives are worse. A refusal of the repetition would leave the client with a party that nobody can use. A party's
 * key that is derived from a secret of the server would make that secret as valuable as all keys together, and every
 * node would need it.
 *
 * <p>A row is inserted before the request is carried out, in a transaction of its own. So two requests with the same key
 * are never carried out both, also on two nodes. If the node stops in between, the row stays without an answer: the
 * repetition is refused, because nobody knows whether the first request had its effect.
 */
@ApplicationScoped
class IdempotentAnswers {
    private static final Duration RETENTION = Duration.ofDays(1);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    /** Longer than any request lasts. */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final DataSource dataSource;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile Instant purgedAt = Instant.EPOCH;

    IdempotentAnswers(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * A request whose answer is kept.
     *
     * @param id by which it is found again
     * @param request SHA-256 of operation and body
     * @param secret encrypts the answer; it is not stored
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Request(byte[] id, byte[] request, byte[] secret) {
        /**
         * Creates a request.
         *
         * @param caller the API key of the caller; empty if the operation needs none
         */
        static Request of(String caller, IdempotencyKey key, byte[] request) {
            return new Request(derived("id", caller, key), request, derived("secret", caller, key));
        }

        private static byte[] derived(String purpose, String caller, IdempotencyKey key) {
            return Sha256.of(
                    ("askfirst " + purpose + "\0" + caller + "\0" + key.text()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Begins a request.
     *
     * @return the answer to the first request if this one repeats it; null if this one is the first and must be carried
     *     out. Then {@link #finish} or {@link #forget} follows.
     * @throws ProblemException {@link Problem#IDEMPOTENCY_KEY_REUSED}, or {@link Problem#IDEMPOTENCY_KEY_IN_USE}
     */
    byte @Nullable [] begin(Request request) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = dataSource.getConnection()) {
            purge(connection, now);
            // A second attempt is needed only if the row disappears between the two statements.
            for (int attempt = 0; attempt < 2; attempt++) {
                if (insert(connection, request, now)) {
                    return null;
                }
                try (PreparedStatement select = connection.prepareStatement(
                        "select request, begun_at, answer from submission_answer where id = ?")) {
                    select.setBytes(1, request.id());
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            return answer(request, row.getBytes(1), SqlColumns.moment(row, 2), row.getBytes(3), now);
                        }
                    }
                }
            }
            throw inUse();
        }
    }

    /** Inserts the row of a new request, in place of a row that is too old to count. */
    private static boolean insert(Connection connection, Request request, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into submission_answer as old"
                + " (id, request, begun_at) values (?, ?, ?) on conflict (id) do update"
                + " set request = excluded.request, begun_at = excluded.begun_at, answer = null"
                + " where old.begun_at < ?")) {
            insert.setBytes(1, request.id());
            insert.setBytes(2, request.request());
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.setObject(4, now.minus(RETENTION).atOffset(ZoneOffset.UTC));
            return insert.executeUpdate() == 1;
        }
    }

    private static byte[] answer(
            Request request, byte[] first, Instant begunAt, byte @Nullable [] sealed, Instant now) {
        if (!Arrays.equals(request.request(), first)) {
            throw Problem.IDEMPOTENCY_KEY_REUSED.because(
                    "This Idempotency-Key was used with another request; use a new key");
        }
        if (sealed == null) {
            throw begunAt.plus(LONGEST_REQUEST).isBefore(now)
                    ? Problem.IDEMPOTENCY_KEY_IN_USE.because(
                            "The first request with this Idempotency-Key broke off or failed, and"
                                    + " the registry does not know whether it had its effect; look, and if it had none, send the"
                                    + " request with a new key")
                    : inUse();
        }
        return opened(request, sealed);
    }

    private static ProblemException inUse() {
        return Problem.IDEMPOTENCY_KEY_IN_USE.because(
                "The first request with this Idempotency-Key is still being carried out; ask again in a few seconds");
    }

    /** Stores the answer to a request that had its effect. */
    void finish(Request request, byte[] answer) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update submission_answer set answer = ? where id = ?")) {
            update.setBytes(1, sealed(request, answer));
            update.setBytes(2, request.id());
            update.executeUpdate();
        }
    }

    /** Forgets a request that failed, so that it can be sent again with the same key. */
    void forget(Request request) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from submission_answer where id = ? and answer is null")) {
            delete.setBytes(1, request.id());
            delete.executeUpdate();
        }
    }

    private void purge(Connection connection, Instant now) throws SQLException {
        if (purgedAt.plus(PURGE_INTERVAL).isAfter(now)) {
            return;
        }
        purgedAt = now;
        try (PreparedStatement delete =
                connection.prepareStatement("delete from submission_answer where begun_at < ?")) {
            delete.setObject(1, now.minus(RETENTION).atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    private byte[] sealed(Request request, byte[] answer) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = crypt(Cipher.ENCRYPT_MODE, request, nonce, answer);
        return ByteBuffer.allocate(nonce.length + text.length)
                .put(nonce)
                .put(text)
                .array();
    }

    private static byte[] opened(Request request, byte[] sealed) {
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        return crypt(Cipher.DECRYPT_MODE, request, nonce, Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length));
    }

    private static byte[] crypt(int mode, Request request, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(request.secret(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("an answer cannot be encrypted or read", damaged);
        }
    }
}
