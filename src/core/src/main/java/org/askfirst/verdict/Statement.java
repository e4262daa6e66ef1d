package org.askfirst.verdict;

import java.time.Instant;
import java.util.function.Function;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;

/**
 * A declaration as it bears on one asked work: what the verdict needs of it, and no more.
 *
 * @param party who says so
 * @param trust what stands behind the party, this subject left aside
 * @param position of the entry that says so, or, if that is later, of the one by which a repertoire lists the subject;
 *     and so which declaration; of two, the greater is the newer
 * @param specificity of the declared subject that matched; greater is more specific
 * @param reachesOthers whether that subject reaches works of others and so needs proof of control
 * @param control how far the party was seen to control that subject
 * @param stances what it says of each use
 * @param address whether it names somebody who can be asked
 * @param period when it is in force
 * @param voice in whose name it is said
 */
public record Statement(
        PartyId party,
        Trust trust,
        long position,
        int specificity,
        boolean reachesOthers,
        Control control,
        Stances stances,
        boolean address,
        Period period,
        OnBehalfOf voice) {
    private static final Period NEVER = new Period(null, Instant.MIN);

    /**
     * What somebody says, as it bears on one asked work. Under a mandate a society has whatever standing it or its
     * member has.
     *
     * @param kind of the declared subject that matched
     * @param specificity of it
     * @param speakers what is held of those who speak
     * @param control how far a party was seen to control that subject
     */
    public static Statement of(
            StatementTerms said,
            SubjectScheme kind,
            int specificity,
            PartyRegister speakers,
            Function<PartyId, Control> control) {
        PartyState state = speakers.state(said.party());
        Trust trust = state.trustIn(kind, speakers);
        Control seen = control.apply(said.party());
        OnBehalfOf voice = new OnBehalfOf(said.party().number(), state.suspended(), null);
        MandateId mandate = said.mandate();
        if (mandate != null) {
            MandateTerm term = speakers.term(mandate);
            PartyId member = term == null ? null : term.member();
            PartyState known = member == null ? PartyState.PLAIN : speakers.state(member);
            voice = new OnBehalfOf(
                    member == null ? mandate.number() : member.number(),
                    state.suspended() || known.suspended(),
                    term == null ? NEVER : term.period());
            if (member != null) {
                trust = trust.stronger(known.trustIn(kind, speakers));
                seen = seen.stronger(control.apply(member));
            }
        }
        return new Statement(
                said.party(),
                trust,
                said.position(),
                specificity,
                kind.needsControl(),
                seen,
                said.stances(),
                said.lastingAddress() || (said.address() && !state.erased()),
                said.period(),
                voice);
    }

    /** Of its position alone, which is nearly one of its own, since there are many to be told apart. */
    @Override
    public int hashCode() {
        return Long.hashCode(position);
    }

    /** Accepted and shown, but not counted before control of the subject is proved. */
    public boolean pending() {
        return isPending(reachesOthers, control);
    }

    static boolean isPending(boolean reachesOthers, Control control) {
        return reachesOthers && control == Control.NONE;
    }

    /** What stands behind the party's word on this subject. */
    public Trust trustHere() {
        return control == Control.PROVED && trust == Trust.ASSERTED ? Trust.CONTROL_PROVED : trust;
    }

    /** Whether a plain permission of this party counts here: a false "yes" cannot be undone. */
    boolean mayPermit() {
        return control == Control.PROVED || trust.mayPermit();
    }

    /**
     * Whether there is somebody to ask at that moment. The address is that of whoever says it; once its mandate has
     * ended it can give no permission, and so is nobody to ask.
     */
    boolean canBeAskedAt(Instant moment) {
        return address && !voice.isOutOfMandate(moment);
    }

    /**
     * Whether this speaks rather than {@code other}, said by the same party in the same name.
     *
     * <p>Two subjects of one declaration may match equally closely; then control decides, so that which of the two
     * speaks does not hang on the order in which they were found.
     */
    boolean outranks(Statement other) {
        if (specificity != other.specificity) {
            return specificity > other.specificity;
        }
        return position != other.position ? position > other.position : control.compareTo(other.control) > 0;
    }
}
