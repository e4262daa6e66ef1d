package org.askfirst.verdict;

import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * The control that parties were seen to have over one subject and over everything that reaches it.
 *
 * <p>The rule is here and nowhere else: whoever controls a subject controls what it contains
 * ({@link Expansion#contains}), and a statement about a subject that reaches works of others is pending until its party,
 * or the member that it speaks for, was seen to control it.
 */
public final class ControlEvidence {
    private final Expansion expansion;
    private final Seen seen;

    private ControlEvidence(Expansion expansion, Seen seen) {
        this.expansion = expansion;
        this.seen = seen;
    }

    /** The control seen of one entry of an expansion, the entries that contain it left aside. */
    @FunctionalInterface
    public interface Seen {
        /** How far the party was seen to control exactly the subject of that entry. */
        Control of(int entry, PartyId party);
    }

    /** The evidence on the entries of that expansion. */
    public static ControlEvidence over(Expansion expansion, Seen seen) {
        return new ControlEvidence(expansion, seen);
    }

    /** How far the party controls the subject of that entry: the strongest seen of it or of one that contains it. */
    public Control of(int entry, PartyId party) {
        Control control = Control.NONE;
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.contains(i, entry)) {
                control = control.stronger(seen.of(i, party));
            }
        }
        return control;
    }

    /**
     * Returns whether a statement about the expanded subject itself is pending.
     *
     * @param party that makes it
     * @param member for whom it is made; null if the party speaks for itself, and if the member is not known here
     */
    public boolean isPending(PartyId party, @Nullable PartyId member) {
        Control control = of(0, party).stronger(of(0, Objects.requireNonNullElse(member, party)));
        return Statement.isPending(expansion.scheme(0).needsControl(), control);
    }
}
