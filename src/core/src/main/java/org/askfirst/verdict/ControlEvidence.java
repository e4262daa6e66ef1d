package org.askfirst.verdict;

import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of control over one subject and over everything that reaches it.
 *
 * <p>This class is the only place of two rules. First, a party that controls a subject also controls everything that
 * the subject contains ({@link Expansion#contains}). Second, a statement about a subject that reaches works of others
 * is pending until there is evidence that its party, or the member for whom the party speaks, controls the subject.
 */
public final class ControlEvidence {
    private final Expansion expansion;
    private final DirectEvidence direct;

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

    /** Combines the evidence for the entries of that expansion. */
    public static ControlEvidence over(Expansion expansion, DirectEvidence direct) {
        return new ControlEvidence(expansion, direct);
    }

    /**
     * Returns the strongest evidence that the party controls the subject of that entry or a subject that contains it.
     */
    public Control of(int entry, PartyId party) {
        Control control = Control.NONE;
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.contains(i, entry)) {
                control = control.stronger(direct.of(i, party));
            }
        }
        return control;
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
