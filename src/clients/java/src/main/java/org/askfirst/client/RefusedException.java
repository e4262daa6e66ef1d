package org.askfirst.client;

/** A snapshot is not used. Nothing may be answered from it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    /** Creates it with a message for the operator of the crawler. */
    public RefusedException(Refusal refusal, String message) {
        super(refusal.wireName() + ": " + message);
        this.refusal = refusal;
    }

    /** Returns the case. */
    public Refusal refusal() {
        return refusal;
    }
}
