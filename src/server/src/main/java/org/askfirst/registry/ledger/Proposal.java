package org.askfirst.registry.ledger;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.entry.EntryText;
import org.askfirst.id.PartyId;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * An act before it is appended to the ledger.
 *
 * <p>One thread creates it. Then the appender owns it, and decides it under the ledger's lock. {@link #outcome} returns
 * the result.
 */
public final class Proposal {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Entry entry;
    private final Authority authority;
    private final @Nullable Confidential confidential;
    private final byte[] salt;
    private final Request request;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private PartyId owner;
    private @Nullable Prepared prepared;
    private @Nullable ProblemException refusal;
    private long existingPosition;
    private boolean existingIsFresh;
    private boolean repeated;
    private boolean permitted;

    /**
     * The idempotency of a request: it is carried out once, even if it is sent several times.
     *
     * @param key the caller's {@code Idempotency-Key}
     * @param request SHA-256 of the request, which distinguishes a repetition from another request with the same key
     */
    @SuppressWarnings("ArrayRecordComponent") // Objects of this record are never compared.
    public record Idempotency(String key, byte[] request) {}

    /**
     * The parts of a request that its entry does not state.
     *
     * @param idempotency null without an {@code Idempotency-Key}
     * @param expected the last entry of the thing to change must have one of these positions; null if any will do
     * @param reference the party's own string for the thing; null to keep the one that it has
     * @param replacedWorks the number of works that the declaration named before this act changes it, and still names
     * @param rehearsal true if the act is decided and not recorded
     */
    public record Request(
            @Nullable Idempotency idempotency,
            @Nullable Set<Long> expected,
            @Nullable String reference,
            int replacedWorks,
            boolean rehearsal) {
        /** A request without any of them. */
        public static final Request PLAIN = new Request(null, null, null, 0, false);

        /** Returns the request with an {@code Idempotency-Key}, which is null if there is none. */
        public Request with(@Nullable Idempotency key) {
            return new Request(key, expected, reference, replacedWorks, rehearsal);
        }

        /** Returns the request with the positions that it expects; null if any will do. */
        public Request expecting(@Nullable Set<Long> positions) {
            return new Request(idempotency, positions, reference, replacedWorks, rehearsal);
        }

        /** Returns the request with the party's own string for the thing; null to keep the one that it has. */
        public Request referring(@Nullable String text) {
            return new Request(idempotency, expected, text, replacedWorks, rehearsal);
        }

        /** Returns the request with the number of works that the declaration named before and still names. */
        public Request replacing(int works) {
            return new Request(idempotency, expected, reference, works, rehearsal);
        }

        /** Returns the request as a rehearsal if {@code dry} is true: it is decided and not recorded. */
        public Request rehearsing(boolean dry) {
            return new Request(idempotency, expected, reference, replacedWorks, dry);
        }
    }

    /**
     * The outcome of a proposal that was not refused.
     *
     * @param position the position of the entry that records the act; 0 if the act was rehearsed and would be recorded
     * @param fresh false if the act is answered with an entry that existed before; a repetition of a request has the
     *     value of the first request
     * @param recorded the entry if it was recorded just now; null if it existed before
     * @param group the group in which it was recorded; null if it existed before
     */
    public record Outcome(
            long position,
            boolean fresh,
            @Nullable LedgerEntry recorded,
            @Nullable LedgerGroup group) {}

    /**
     * Everything that depends on neither position nor time. It is computed once; callers must not modify the arrays.
     */
    @SuppressWarnings("ArrayRecordComponent") // Objects of this record are never compared.
    private record Prepared(
            EntryText text, @Nullable String confidentialJson, byte[] fingerprint, Set<Object> conflictKeys) {}

    private Proposal(
            Entry entry, Authority authority, @Nullable Confidential confidential, byte[] salt, Request request) {
        this.entry = entry;
        this.owner = entry.party();
        this.authority = authority;
        this.confidential = confidential;
        this.salt = salt;
        this.request = request;
    }

    /** Returns a proposal without a confidential part. */
    public static Proposal of(Entry entry, Authority authority) {
        return new Proposal(entry, authority, null, new byte[0], Request.PLAIN);
    }

    /**
     * Returns a proposal with a confidential part, to which its entry commits with a new salt.
     *
     * @param confidential the confidential part; null if the act has none
     */
    public static Proposal confidential(
            @Nullable Confidential confidential, Authority authority, CommittedEntry entry) {
        if (confidential == null) {
            return of(entry.with(null), authority);
        }
        byte[] salt = new byte[Confidential.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new Proposal(entry.with(confidential.commitment(salt)), authority, confidential, salt, Request.PLAIN);
    }

    /** Creates an entry that contains the commitment to its confidential part. */
    @FunctionalInterface
    public interface CommittedEntry {
        /** Returns the entry with the commitment; without one if it is null. */
        Entry with(@Nullable String commitment);
    }

    /** Returns the same act as a request asks for it. */
    public Proposal with(Request as) {
        return new Proposal(entry, authority, confidential, salt, as);
    }

    /** Returns the entry to record. */
    public Entry entry() {
        return entry;
    }

    /** Returns the key with which the act is submitted. */
    public Authority authority() {
        return authority;
    }

    /** Returns the fingerprint: equal if two acts of one party state the same, empty if the act states nothing. */
    public byte[] fingerprint() {
        return prepared().fingerprint();
    }

    /**
     * Computes everything that does not need the appender, on the thread that proposes: all proposals share the time of
     * the appender. A second call does nothing.
     *
     * @throws IllegalArgumentException if the entry has no canonical text
     */
    void prepare() {
        if (prepared != null) {
            return;
        }
        byte[] fingerprint = entry.fingerprint(confidential);
        prepared = new Prepared(
                entry.text(),
                confidential == null ? null : confidential.toJson(),
                fingerprint,
                conflictKeys(fingerprint));
    }

    private Prepared prepared() {
        return Objects.requireNonNull(prepared, "not proposed yet");
    }

    /** Returns the canonical text of the entry without its time. */
    EntryText text() {
        return prepared().text();
    }

    /** Returns the confidential part as JSON; null if there is none. */
    @Nullable String confidentialJson() {
        return prepared().confidentialJson();
    }

    /** Returns a future that completes when the entry is durable, or exceptionally with a {@link ProblemException}. */
    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** Refuses the act. It is called under the lock; the first decision about a proposal is final. */
    public void refuse(ProblemException problem) {
        if (isOpen()) {
            refusal = problem;
        }
    }

    /** Permits the act for its key. It is called under the lock; an act that no rule permits is refused. */
    public void permit() {
        permitted = true;
    }

    boolean isPermitted() {
        return permitted;
    }

    /** Sets the party on whose behalf the act is done. It is called under the lock, after the right was checked. */
    public void setOwner(PartyId owner) {
        this.owner = owner;
    }

    /** Returns the party whose declarations the act may change: the acting party, unless it acts for another. */
    public PartyId owner() {
        return owner;
    }

    /** Answers the act with an existing entry. It is called under the lock; the first decision is final. */
    public void answerWith(long position) {
        if (isOpen()) {
            existingPosition = position;
        }
    }

    /**
     * Answers the repetition of a request like the first one. Called under the lock; the first decision is final.
     *
     * @param fresh true if the first request recorded the entry
     */
    void repeatAnswer(long position, boolean fresh) {
        if (isOpen()) {
            existingPosition = position;
            existingIsFresh = fresh;
            repeated = true;
        }
    }

    /** Returns the position of the entry that existed before; 0 if there is none. */
    long existingPosition() {
        return existingPosition;
    }

    /** Returns true if the act is still to be recorded. */
    public boolean isOpen() {
        return refusal == null && existingPosition == 0;
    }

    /** Returns the confidential part; null if there is none. */
    public @Nullable Confidential confidential() {
        return confidential;
    }

    byte[] salt() {
        return salt;
    }

    Optional<Idempotency> idempotency() {
        return Optional.ofNullable(request.idempotency());
    }

    /** Returns the party's own string for the thing that the act is about; null if the request has none. */
    public @Nullable String reference() {
        return request.reference();
    }

    /** Returns the reference to store; null if there is none, or if the request was carried out before. */
    @Nullable String newReference() {
        return refusal != null || repeated || request.rehearsal() ? null : request.reference();
    }

    /** Returns the number of works that the declaration named before this act changes it, and still names. */
    public int replacedWorks() {
        return request.replacedWorks();
    }

    /** Returns true if the act is decided and not recorded. */
    public boolean isRehearsal() {
        return request.rehearsal();
    }

    /** Returns true if the request allows this position of the last entry of the thing that the act changes. */
    public boolean expects(long position) {
        Set<Long> expected = request.expected();
        return expected == null || expected.contains(position);
    }

    /**
     * Returns the keys of possible conflicts. Proposals that share a key never share a group, because the outcome of
     * the first decides the outcome of the second.
     */
    Set<Object> conflictKeys() {
        return prepared().conflictKeys();
    }

    private Set<Object> conflictKeys(byte[] fingerprint) {
        Set<Object> keys = new LinkedHashSet<>(entry.conflictKeys(confidential));
        entry.changed().ifPresent(keys::add);
        if (fingerprint.length > 0) {
            keys.add(List.of("says", entry.party(), ByteBuffer.wrap(fingerprint)));
        }
        idempotency().ifPresent(one -> keys.add(List.of("key", entry.party(), one.key())));
        return keys;
    }

    /**
     * Returns true if the outcome of the other proposal, which is decided first, answers this one too. An idempotency
     * key is stored for each request, so a request with one is decided by itself.
     */
    boolean repeats(Proposal other) {
        return request.idempotency() == null
                && request.equals(other.request)
                && fingerprint().length > 0
                && entry.changed().isEmpty()
                && other.entry.changed().isEmpty()
                && entry.party().equals(other.entry.party())
                && authority.equals(other.authority)
                && Arrays.equals(fingerprint(), other.fingerprint());
    }

    /**
     * Completes the outcome, after the commit.
     *
     * @param recorded the entry that was recorded; null if the act was refused or the entry existed before
     * @param group the group in which it was recorded
     */
    void settle(@Nullable LedgerEntry recorded, LedgerGroup group) {
        if (refusal != null) {
            outcome.completeExceptionally(refusal);
        } else if (existingPosition != 0) {
            outcome.complete(new Outcome(existingPosition, existingIsFresh, null, null));
        } else if (recorded != null) {
            outcome.complete(new Outcome(recorded.position(), true, recorded, group));
        } else if (request.rehearsal()) {
            outcome.complete(new Outcome(0, true, null, null));
        } else {
            throw new IllegalStateException("no rule decided this proposal, and it was not recorded");
        }
    }

    /** Completes the outcome like that of the proposal which this one repeats, and which is settled already. */
    void settleAs(Proposal first) {
        if (first.refusal != null) {
            outcome.completeExceptionally(first.refusal);
        } else if (first.outcome.isCompletedExceptionally()) {
            outcome.completeExceptionally(Ledger.unknownOutcome());
        } else if (request.rehearsal()) {
            outcome.complete(first.outcome.join());
        } else {
            outcome.complete(new Outcome(first.outcome.join().position(), false, null, null));
        }
    }

    /** Resets the decision, so that the proposal can be decided again. */
    void reopen() {
        owner = entry.party();
        refusal = null;
        existingPosition = 0;
        existingIsFresh = false;
        repeated = false;
        permitted = false;
    }
}
