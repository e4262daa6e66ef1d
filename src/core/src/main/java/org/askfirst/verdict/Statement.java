package org.askfirst.verdict;

import java.time.Instant;
import java.util.List;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * A declaration as it applies to one asked work. It has the values that the verdict needs, and the trust in the party.
 *
 * @param party the party that makes the statement
 * @param trust the trust in the party, without its proof of control of this subject
 * @param position the position of the entry that states it or of the entry by which a repertoire lists the subject,
 *     whichever is later. It identifies the declaration; of two statements, the one with the greater position is newer
 * @param specificity the specificity of the declared subject that matched; a greater value is more specific
 * @param reachesOthers true if that subject reaches works of others and therefore needs a proof of control
 * @param reach the part of the statement that reaches the asked work
 * @param control the evidence of the party's right to that subject, or of the member's for whom it speaks
 * @param stances the stances on uses
 * @param contactable true if the statement names somebody who can be asked
 * @param period the time in which the statement is in force
 * @param onBehalfOf the party in whose name the statement is made
 * @param contest what the contests of the statement mean for it
 * @param grants the grants of the statement's party to the asker that cover the asked work, oldest first
 */
public record Statement(
        PartyId party,
        Trust trust,
        long position,
        int specificity,
        boolean reachesOthers,
        Reach reach,
        Control control,
        Stances stances,
        boolean contactable,
        Period period,
        OnBehalfOf onBehalfOf,
        ContestState contest,
        List<Grant> grants) {
    private static final Period NEVER = new Period(null, Instant.MIN);

    /** The part of a statement that reaches the asked work. Reservations always reach it. */
    public enum Reach {
        /** All of it. */
        WHOLE,
        /** All but permissions without terms: the declared address is another spelling of the asked one. */
        OTHER_SPELLING,
        /** All but permissions without terms: the declared site has many users, and one of them published the work. */
        SHARED_SITE
    }

    public Statement {
        grants = List.copyOf(grants);
    }

    /** Creates a statement for an asker without grants. */
    public Statement(
            PartyId party,
            Trust trust,
            long position,
            int specificity,
            boolean reachesOthers,
            Reach reach,
            Control control,
            Stances stances,
            boolean contactable,
            Period period,
            OnBehalfOf onBehalfOf,
            ContestState contest) {
        this(
                party,
                trust,
                position,
                specificity,
                reachesOthers,
                reach,
                control,
                stances,
                contactable,
                period,
                onBehalfOf,
                contest,
                List.of());
    }

    /** Creates a statement that nobody contests. */
    public Statement(
            PartyId party,
            Trust trust,
            long position,
            int specificity,
            boolean reachesOthers,
            Reach reach,
            Control control,
            Stances stances,
            boolean contactable,
            Period period,
            OnBehalfOf onBehalfOf) {
        this(
                party,
                trust,
                position,
                specificity,
                reachesOthers,
                reach,
                control,
                stances,
                contactable,
                period,
                onBehalfOf,
                ContestState.NONE);
    }

    /**
     * Combines a party's terms with the states of the parties. A society that speaks under a mandate has its own trust
     * and evidence or those of its member, whichever are stronger.
     *
     * @param terms the declared terms
     * @param expansion the expansion of the asked subject
     * @param entry the entry of the expansion under which the statement was found
     * @param otherSubject true if the declared subject is not that of the entry, but is stored under its key too
     * @param parties the states of parties and mandates
     * @param controls the evidence of rights to the entries
     * @param contests the contests of statements about the entries
     */
    public static Statement of(
            StatementTerms terms,
            Expansion expansion,
            int entry,
            boolean otherSubject,
            PartyRegister parties,
            ControlEvidence controls,
            Contests contests) {
        SubjectScheme scheme = expansion.scheme(entry);
        boolean storedAsSpelling = otherSubject && scheme == SubjectScheme.URL && !expansion.isOtherSpelling(entry);
        boolean isOtherSpelling = storedAsSpelling || expansion.isOtherSpelling(entry);
        PartyState state = parties.state(terms.party());
        Trust trust = state.trustIn(scheme, parties);
        Control evidence = controls.of(entry, isOtherSpelling, terms.party());
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
                evidence = evidence.stronger(controls.of(entry, isOtherSpelling, member));
            }
        }
        Reach reach = reach(expansion, entry, isOtherSpelling);
        return new Statement(
                terms.party(),
                trust,
                terms.position(),
                expansion.specificity(entry) - (storedAsSpelling ? Expansion.OTHER_SPELLING : 0),
                scheme.needsControl(),
                reach,
                evidence,
                terms.stances(),
                state.canBeAsked(terms.contact()),
                terms.period(),
                onBehalfOf,
                contests.of(
                        terms.party(),
                        terms.position(),
                        entry,
                        otherSubject,
                        isOtherSpelling,
                        isEvidenced(evidence, reach)));
    }

    private static Reach reach(Expansion expansion, int entry, boolean isOtherSpelling) {
        if (isOtherSpelling) {
            return Reach.OTHER_SPELLING;
        }
        return expansion.isShared(entry) ? Reach.SHARED_SITE : Reach.WHOLE;
    }

    /** Returns the same statement for an asker that has these grants. */
    public Statement withGrants(List<Grant> granted) {
        return new Statement(
                party,
                trust,
                position,
                specificity,
                reachesOthers,
                reach,
                control,
                stances,
                contactable,
                period,
                onBehalfOf,
                contest,
                granted);
    }

    /** Returns the newest grant that permits the leaf at that moment; null if there is none. */
    @Nullable Grant grantOn(Use leaf, Instant moment) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            if (grants.get(i).permits(leaf, moment)) {
                return grants.get(i);
            }
        }
        return null;
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
     * Returns true if the right of the party, or of the member for whom it speaks, to the asked work is evidenced. The
     * evidence belongs to the subject: being vouched for or verified gives none. Control of a site that many people
     * share gives none either for what one of them published.
     */
    public boolean evidenced() {
        return isEvidenced(control, reach);
    }

    private static boolean isEvidenced(Control control, Reach reach) {
        return control == Control.PROVED && reach != Reach.SHARED_SITE;
    }

    /**
     * Returns true if somebody can be asked at that moment. The contact belongs to the party that makes the statement.
     * If its mandate has ended, that party cannot permit anything, so there is nobody to ask.
     */
    public boolean canBeAskedAt(Instant moment) {
        return contactable && !onBehalfOf.isOutOfMandate(moment);
    }

    /**
     * Returns true if this statement applies in place of {@code other}, which the same party makes in the same name.
     *
     * <p>If two subjects of one declaration match equally closely, the stronger evidence decides. The result therefore
     * does not depend on the order in which the subjects were found. If a grant covers only one of them, the other one
     * decides, because a grant permits no more than it names.
     */
    boolean outranks(Statement other) {
        if (specificity != other.specificity) {
            return specificity > other.specificity;
        }
        if (position != other.position) {
            return position > other.position;
        }
        if (evidenced() != other.evidenced()) {
            return evidenced();
        }
        return control == other.control ? grants.size() < other.grants.size() : control.compareTo(other.control) > 0;
    }
}
