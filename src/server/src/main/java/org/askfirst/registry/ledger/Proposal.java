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
 * An act on its way into the ledger.
 *
 * <p>Made by one thread, then owned by the appender, which decides it under the ledger's lock; the outcome is
 * handed back by {@link #outcome}.
 */
public final class Proposal {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Entry entry;
    private final Authority authority;
    private final @Nullable Confidential confidential;
    private final byte[] salt;
    private final @Nullable Idempotency idempotency;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private PartyId owner;
    private @Nullable Prepared prepared;
    private @Nullable ProblemException refusal;
    private long already;
    private boolean again;
    private boolean permitted;

    /**
     * A request that is to be carried out once however often it is sent.
     *
     * @param key the caller's
     * @param request SHA-256 of the request, to tell a repetition from another request under the same key
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    public record Idempotency(String key, byte[] request) {}

    /**
     * What became of a proposal.
     *
     * @param position of the entry that says so
     * @param fresh false if somebody submits anew what stands already; a repeated request is as fresh as its first
     * @param recorded the entry, if it was recorded just now; null if it was there before
     * @param group with which it was recorded; null if it was there before
     */
    public record Outcome(
            long position,
            boolean fresh,
            @Nullable LedgerEntry recorded,
            @Nullable LedgerGroup group) {}

    /** All that hangs neither on the position nor on the moment; computed once, so arrays are shared. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    private record Prepared(EntryText text, @Nullable String beside, byte[] fingerprint, Set<Object> conflictKeys) {}

    private Proposal(
            Entry entry,
            Authority authority,
            @Nullable Confidential confidential,
            byte[] salt,
            @Nullable Idempotency idempotency) {
        this.entry = entry;
        this.owner = entry.party();
        this.authority = authority;
        this.confidential = confidential;
        this.salt = salt;
        this.idempotency = idempotency;
    }

    /** An act that has nothing confidential. */
    public static Proposal of(Entry entry, Authority authority) {
        return new Proposal(entry, authority, null, new byte[0], null);
    }

    /**
     * An act with a confidential part, to which its entry commits with a new salt.
     *
     * @param confidential null if there is none after all
     */
    public static Proposal confidential(
            @Nullable Confidential confidential, Authority authority, CommittedEntry entry) {
        if (confidential == null) {
            return of(entry.with(null), authority);
        }
        byte[] salt = new byte[Confidential.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new Proposal(entry.with(confidential.commitment(salt)), authority, confidential, salt, null);
    }

    /** Makes an entry with the commitment to its confidential part. */
    @FunctionalInterface
    public interface CommittedEntry {
        /** The entry with that commitment; without one if it is null. */
        Entry with(@Nullable String commitment);
    }

    /** The same act, as the repetition of a request, if the caller says that it may be one. */
    public Proposal under(@Nullable Idempotency key) {
        return new Proposal(entry, authority, confidential, salt, key);
    }

    /** What is to be recorded. */
    public Entry entry() {
        return entry;
    }

    /** By which key. */
    public Authority authority() {
        return authority;
    }

    /** Tells whether two submissions of one party say the same; empty if that does not matter. */
    public byte[] fingerprint() {
        return prepared().fingerprint();
    }

    /**
     * Computes all that can be computed before the appender has it, in the thread that proposes: the appender's time
     * is everybody's.
     *
     * @throws IllegalArgumentException if the entry cannot be written
     */
    void prepare() {
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

    /** The canonical text of the entry, but for the moment. */
    EntryText text() {
        return prepared().text();
    }

    /** What is kept beside the entry, as a text; null if nothing is. */
    @Nullable String beside() {
        return prepared().beside();
    }

    /** Completes once the entry is durable; exceptionally with a {@link ProblemException}. */
    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** Called under the lock: it is not to be recorded. The first word stands. */
    public void refuse(ProblemException why) {
        if (isOpen()) {
            refusal = why;
        }
    }

    /** Called under the lock: its key may do it. An act that nobody permits is refused. */
    public void permit() {
        permitted = true;
    }

    boolean isPermitted() {
        return permitted;
    }

    /** Called under the lock: it is done in the name of that party, which the actor may change things of. */
    public void doneFor(PartyId owner) {
        this.owner = owner;
    }

    /** Whose things may be changed by it: those of the party that acts, unless it acts for another. */
    public PartyId owner() {
        return owner;
    }

    /** Called under the lock: it stands already, at that position. The first word stands. */
    public void standsAt(long position) {
        if (isOpen()) {
            already = position;
        }
    }

    /**
     * Called under the lock: this very request was answered before. The first word stands.
     *
     * @param fresh whether it was this request that recorded the entry
     */
    void answeredBefore(long position, boolean fresh) {
        if (isOpen()) {
            already = position;
            again = fresh;
        }
    }

    /** The position at which it stands already; 0 if it does not. */
    long already() {
        return already;
    }

    /** Whether it is still to be recorded. */
    public boolean isOpen() {
        return refusal == null && already == 0;
    }

    /** What is to be kept beside the ledger; null if nothing is. */
    public @Nullable Confidential confidential() {
        return confidential;
    }

    byte[] salt() {
        return salt;
    }

    Optional<Idempotency> idempotency() {
        return Optional.ofNullable(idempotency);
    }

    /**
     * What it may conflict over: proposals that share any of these are decided one after another, never in one
     * group, because what the first comes to decides what the second does.
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
        if (idempotency != null) {
            keys.add(List.of("key", entry.party(), idempotency.key()));
        }
        return keys;
    }

    /** Whether the other, decided first, answers this one too. */
    boolean repeats(Proposal other) {
        return idempotency == null
                && other.idempotency == null
                && fingerprint().length > 0
                && entry.changed().isEmpty()
                && other.entry.changed().isEmpty()
                && entry.party().equals(other.entry.party())
                && authority.equals(other.authority)
                && Arrays.equals(fingerprint(), other.fingerprint());
    }

    /**
     * Hands the outcome back, after the commit.
     *
     * @param recorded the entry it became; null if it was refused or stood already
     * @param group in which it was recorded
     */
    void settle(@Nullable LedgerEntry recorded, LedgerGroup group) {
        if (refusal != null) {
            outcome.completeExceptionally(refusal);
        } else if (already != 0) {
            outcome.complete(new Outcome(already, again, null, null));
        } else if (recorded != null) {
            outcome.complete(new Outcome(recorded.position(), true, recorded, group));
        } else {
            throw new IllegalStateException("a proposal that nobody decided");
        }
    }

    /** Hands back what became of the proposal that this one repeats, which is settled already. */
    void settleAs(Proposal first) {
        if (first.refusal != null) {
            outcome.completeExceptionally(first.refusal);
        } else if (first.outcome.isCompletedExceptionally()) {
            outcome.completeExceptionally(Ledger.unknownOutcome());
        } else {
            outcome.complete(new Outcome(first.outcome.join().position(), false, null, null));
        }
    }

    /** Forgets what was decided, so that it can be decided again. */
    void reopen() {
        owner = entry.party();
        refusal = null;
        already = 0;
        again = false;
        permitted = false;
    }
}
