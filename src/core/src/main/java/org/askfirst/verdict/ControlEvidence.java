package org.askfirst.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of rights to one subject and to everything that reaches it. Used by one thread.
 *
 * <p>This class is the only place of three rules. First, a party that controls a subject also controls everything that
 * the subject contains ({@link Expansion#contains}). Second, a statement about a subject that reaches works of others
 * is pending until there is evidence that its party, or the member for whom the party speaks, controls the subject.
 * Third, the list of a vouching body is evidence for the works that it lists ({@link #addListing}).
 */
public final class ControlEvidence {
    private final Expansion expansion;
    private final DirectEvidence direct;
    private List<ListedRight> listed = List.of();

    private ControlEvidence(Expansion expansion, DirectEvidence direct) {
        this.expansion = expansion;
        this.direct = direct;
    }

    /** Looks up the evidence for one entry of an expansion. It ignores the entries that contain that entry. */
    @FunctionalInterface
    public interface DirectEvidence {
        /** Returns the evidence that the party controls exactly the subject of that entry. */
        Control of(int entry, PartyId party);
    }

    /** A party's right to exactly the subject of an entry, by the list of a vouching body. */
    private record ListedRight(int entry, PartyId party) {}

    /** Combines the evidence for the entries of that expansion. */
    public static ControlEvidence over(Expansion expansion, DirectEvidence direct) {
        return new ControlEvidence(expansion, direct);
    }

    /**
     * Adds a repertoire that lists exactly the subject of that entry. It is evidence if its party may vouch for subjects
     * of that scheme: for the party, and for the member in whose name the party keeps the list. A list is no evidence for
     * a subject that reaches works of others; control of that must be proved or recorded.
     *
     * @param repertoire the terms of the repertoire's statement
     * @param parties the states of parties and mandates
     */
    public void addListing(int entry, StatementTerms repertoire, PartyRegister parties) {
        PartyId body = repertoire.party();
        if (expansion.scheme(entry).needsControl() || !parties.state(body).mayVouchFor(expansion.scheme(entry))) {
            return;
        }
        addRight(new ListedRight(entry, body));
        MandateId mandate = repertoire.mandate();
        MandateTerm term = mandate == null ? null : parties.term(mandate);
        PartyId member = term == null ? null : term.member();
        if (member != null) {
            addRight(new ListedRight(entry, member));
        }
    }

    private void addRight(ListedRight right) {
        if (listed.isEmpty()) {
            listed = new ArrayList<>();
        }
        if (!listed.contains(right)) {
            listed.add(right);
        }
    }

    /**
     * Returns the strongest evidence that the party controls the subject of that entry or a subject that contains it.
     */
    public Control of(int entry, PartyId party) {
        return of(entry, false, party);
    }

    /**
     * Returns the same for a statement that is stored under the subject of that entry.
     *
     * @param isOtherSpelling true if the statement is about another spelling of an address, whose host may be another;
     *     then only evidence of control over all these hosts counts
     */
    Control of(int entry, boolean isOtherSpelling, PartyId party) {
        Control control = Control.NONE;
        for (int i = 0; i < expansion.size(); i++) {
            if (isOtherSpelling ? expansion.containsEverySpelling(i) : expansion.contains(i, entry)) {
                control = control.stronger(direct.of(i, party)).stronger(listed(i, party));
            }
        }
        return control;
    }

    private Control listed(int entry, PartyId party) {
        for (ListedRight right : listed) {
            if (right.entry == entry && right.party.equals(party)) {
                return Control.PROVED;
            }
        }
        return Control.NONE;
    }

    /**
     * Returns true if a statement about the expanded subject itself is pending.
     *
     * @param party the party that makes the statement
     * @param member the member for whom it is made; null if the party speaks for itself, and if the member has no
     *     account
     */
    public boolean isPending(PartyId party, @Nullable PartyId member) {
        Control control = of(0, party).stronger(of(0, Objects.requireNonNullElse(member, party)));
        return Statement.isPending(expansion.scheme(0).needsControl(), control);
    }
}
