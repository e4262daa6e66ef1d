package org.askfirst.index;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyState;

/** How a file writes what is held of those who speak. */
final class PartyRegisterCodec {
    /** How many longs hold a mandate: its id, society, member, and from when until when it holds. */
    static final int TERM_LONGS = 8;

    /** In the place of a member who is not known. */
    static final UUID NOBODY = new UUID(0, 0);

    private static final long VERIFIED = 1;
    private static final long SUSPENDED = 2;
    private static final int BODIES_SHIFT = 8;
    private static final int BODIES_MASK = 0xff;
    private static final int KINDS_SHIFT = 16;

    private PartyRegisterCodec() {}

    /** The word of a state: two flags, how many bodies follow, and a bit for each kind it may vouch for. */
    static long word(PartyState state) {
        long word = (state.verified() ? VERIFIED : 0) | (state.suspended() ? SUSPENDED : 0);
        for (SubjectScheme kind : state.vouchesFor()) {
            word |= 1L << (KINDS_SHIFT + kind.number());
        }
        return word | (long) state.vouchedBy().size() << BODIES_SHIFT;
    }

    static int bodies(long word) {
        return (int) (word >>> BODIES_SHIFT) & BODIES_MASK;
    }

    static PartyState state(long word, List<PartyId> bodies) {
        Set<SubjectScheme> kinds = EnumSet.noneOf(SubjectScheme.class);
        for (SubjectScheme kind : SubjectScheme.values()) {
            if ((word >>> (KINDS_SHIFT + kind.number()) & 1) != 0) {
                kinds.add(kind);
            }
        }
        return new PartyState(false, (word & VERIFIED) != 0, (word & SUSPENDED) != 0, kinds, bodies);
    }
}
