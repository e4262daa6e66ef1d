package org.askfirst.declaration;

/**
 * A declaration as it bears on one asked work: what the verdict needs of it, and no more.
 *
 * @param party who says so
 * @param trust what stands behind the party, this subject left aside
 * @param position of the entry that says so, and so which declaration; of two, the greater is the newer
 * @param specificity of the declared subject that matched; greater is more specific
 * @param reachesOthers whether that subject reaches works of others and so needs proof of control
 * @param controlled whether the party had proved control of that subject
 * @param stances what it says of each use
 * @param address whether it names somebody who can be asked
 * @param period when it is in force
 */
public record Statement(
        PartyId party,
        Trust trust,
        long position,
        int specificity,
        boolean reachesOthers,
        boolean controlled,
        Stances stances,
        boolean address,
        Period period) {
    /** Accepted and shown, but not counted before control of the subject is proved. */
    public boolean pending() {
        return reachesOthers && !controlled;
    }

    /** What stands behind the party's word on this subject. */
    public Trust trustHere() {
        return controlled && trust == Trust.ASSERTED ? Trust.CONTROL_PROVED : trust;
    }

    /** Whether a plain permission of this party counts here: a false "yes" cannot be undone. */
    boolean mayPermit() {
        return controlled || trust.mayPermit();
    }

    /**
     * Whether this speaks for its party rather than {@code other}, of the same party.
     *
     * <p>Two subjects of one declaration may match equally closely; then control decides, so that which of the two
     * speaks does not hang on the order in which they were found.
     */
    boolean outranks(Statement other) {
        if (specificity != other.specificity) {
            return specificity > other.specificity;
        }
        return position != other.position ? position > other.position : controlled && !other.controlled;
    }
}
