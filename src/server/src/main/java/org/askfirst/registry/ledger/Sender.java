package org.askfirst.registry.ledger;

import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The sender of acts, as limits tell senders apart.
 *
 * <p>The acts of one stream have one sender object. Once an act of a stream is refused because the stream must pause,
 * all later acts of the stream are refused in the same way, so that the stream can continue with the first of them.
 */
public final class Sender {
    private final String address;
    private final boolean isStream;
    private volatile @Nullable ProblemException pause;

    private Sender(String address, boolean isStream) {
        this.address = address;
        this.isStream = isStream;
    }

    /** Returns the sender of one act, by its address. */
    public static Sender of(String address) {
        return new Sender(address, false);
    }

    /** Returns the sender of a new stream of acts, by its address. */
    public static Sender ofStream(String address) {
        return new Sender(address, true);
    }

    /** Returns the address by which limits tell senders apart; empty if it is not known. */
    public String address() {
        return address;
    }

    /** Pauses the stream because of the refusal; does nothing if this is not a stream. */
    public void pause(ProblemException refusal) {
        if (isStream) {
            pause = refusal;
        }
    }

    /** Returns the refusal that paused the stream; null if it continues. */
    public @Nullable ProblemException pause() {
        return pause;
    }
}
