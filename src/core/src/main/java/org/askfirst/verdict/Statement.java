package org.askfirst.verdict;

import java.time.Instant;
import java.util.function.Function;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;

/**
 * A declaration as it applies to one asked work. It has only the values that the verdict needs.
 *
 * @param party the party that makes the statement
 * @param trust the trust in the party, without its proof of control of this subject
 * @param position the position of the entry that states it or of the entry by which a repertoire lists the subject,
 *     whichever is later. It identifies the declaration; of two statements, the one with the greater position is newer
 * @param specificity the specificity of the declared subject that matched; a greater value is more specific
 * @param reachesOthers true if that subject reaches works of others and therefore needs a proof of control
 * @param control the evidence that the party controls that subject
 * @param stances the stances on uses
 * @param contactable true if the statement names somebody who can be asked
 * @param period the time in which the statement is in force
 * @param onBehalfOf the party in whose name the statement is made
 */
public record Statement(
        PartyId party,
        Trust trust,
        long position,
        int specificity,
        boolean reachesOthers,
        Control control,
        Stances stances,
        boolean contactable,
        Period period,
        OnBehalfOf onBehalfOf) {
    private static final Period NEVER = new Period(null, Instant.MIN);

    /**
     * Combines a party's terms with the states of the parties. A society that speaks under a mandate has its own trust
     * and control or those of its member, whichever are stronger.
     *
     * @param terms the declared terms
     * @param scheme the scheme of the declared subject that matched
     * @param specificity the specificity of that subject
     * @param parties the states of parties and mandates
     * @param control returns the evidence that a party controls that subject
     */
    public static Statement of(
            StatementTerms terms,
            SubjectScheme scheme,
            int specificity,
            PartyRegister parties,
            Function<PartyId, Control> control) {
        PartyState state = parties.state(terms.party());
        Trust trust = state.trustIn(scheme, parties);
        Control evidence = control.apply(terms.party());
        OnBehalfOf onBehalfOf = new OnBehalfOf(terms.party().number(), state.suspended(), null);
        MandateId mandate = terms.mandate();
        if (mandate != null) {
            MandateTerm term = parties.term(mandate);
            PartyId member = term == null ? null : term.member();
            PartyState memberState = member == null ? PartyState.PLAIN : parties.state(member);
            onBehalfOf = new OnBehalfOf(
                    member == null ? mandate.number() : member.number(),
                    state.suspended() || memberState.suspended(),
                    term == null ? NEVER : term.period());
            if (member != null) {
                trust = trust.stronger(memberState.trustIn(scheme, parties));
                evidence = evidence.stronger(control.apply(member));
            }
        }
        return new Statement(
                terms.party(),
                trust,
                terms.position(),
                specificity,
                scheme.needsControl(),
                evidence,
                terms.stances(),
                terms.contactableAfterErasure() || (terms.contactable() && !state.erased()),
                terms.period(),
                onBehalfOf);
    }

    /** Hashes only the position: almost unique, and cheap for large sets. */
    @Override
    public int hashCode() {
        return Long.hashCode(position);
    }

    /**
     * Returns true if the statement is accepted and shown, and does not apply until its party has proved control of the
     * subject.
     */
    public boolean pending() {
        return isPending(reachesOthers, control);
    }

    static boolean isPending(boolean reachesOthers, Control control) {
        return reachesOthers && control == Control.NONE;
    }

    /** Returns the trust in the party's statements on this subject, its proof of control included. */
    public Trust trustHere() {
        return control == Control.PROVED && trust == Trust.ASSERTED ? Trust.CONTROL_PROVED : trust;
    }

    /**
     * Returns true if a permission without terms by this party applies here. The bar is high because a false "yes"
     * cannot be undone.
     */
    boolean mayPermit() {
        return control == Control.PROVED || trust.mayPermit();
    }

    /**
     * Returns true if somebody can be asked at that moment. The contact belongs to the party that makes the statement.
     * If its mandate has ended, that party cannot permit anything, so there is nobody to ask.
     */
    boolean canBeAskedAt(Instant moment) {
        return contactable && !onBehalfOf.isOutOfMandate(moment);
    }

    /**
     * Returns true if this statement applies in place of {@code other}, which the same party makes in the same name.
     *
     * <p>If two subjects of one declaration match equally closely, the stronger control decides. The result therefore
     * does not depend on the order in which the subjects were found.
     */
    boolean outranks(Statement other) {
        if (specificity != other.specificity) {
            return specificity > other.specificity;
        }
        return position != other.position ? position > other.position : control.compareTo(other.control) > 0;
    }
}
