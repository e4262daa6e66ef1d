package org.askfirst.registry.ledger;

import java.nio.ByteBuffer;
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

    /**
     * An act that stands for itself.
     *
     * @param salt with which the entry commits to {@code confidential}; empty if there is nothing confidential
     */
    public Proposal(Entry entry, Authority authority, @Nullable Confidential confidential, byte[] salt) {
        this(entry, authority, confidential, salt, null);
    }

    /** An act that may be the repetition of a request. */
    public Proposal(
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
        byte[] fingerprint = entry instanceof Entry.Stated stated ? stated.fingerprint(confidential) : new byte[0];
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
        Set<Object> keys = new LinkedHashSet<>();
        entry.changed().ifPresent(keys::add);
        if (fingerprint.length > 0) {
            keys.add(List.of("says", entry.party(), ByteBuffer.wrap(fingerprint)));
        }
        if (idempotency != null) {
            keys.add(List.of("key", entry.party(), idempotency.key()));
        }
        if (entry instanceof Entry.ControlProved proved) {
            keys.add(List.of("controls", proved.party(), proved.subject()));
        } else if (entry instanceof Entry.ControlLapsed lapsed) {
            keys.add(List.of("controls", lapsed.party(), lapsed.subject()));
        } else if (entry instanceof Entry.Ruled ruled) {
            keys.add(List.of("ruled", ruled.party()));
        } else if (entry instanceof Entry.RecoveryChanged changed) {
            keys.add(List.of("recovery", changed.recovery()));
        } else if (entry instanceof Entry.SuccessorNamed || entry instanceof Entry.Succeeded) {
            keys.add(List.of("successor", entry.party()));
        } else if (entry instanceof Entry.MemberVouched vouched) {
            keys.add(List.of("vouched", vouched.party(), vouched.member()));
        } else if (entry instanceof Entry.MandateChanged changed) {
            keys.add(List.of("mandate", changed.mandate()));
        } else if (entry instanceof Entry.MandateMade && confidential != null && confidential.reference() != null) {
            keys.add(
                    List.of("reference", entry.party(), confidential.reference().number()));
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
    }
}
