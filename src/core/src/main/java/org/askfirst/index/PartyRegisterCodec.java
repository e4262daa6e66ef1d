package org.askfirst.index;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.PartyState;

/** Encodes the states of parties and mandates for a file. */
final class PartyRegisterCodec {
    /** The number of longs of a mandate: its id, society and member, and its period. */
    static final int TERM_LONGS = 8;

    /** The value for a member without an account. */
    static final UUID NOBODY = new UUID(0, 0);

    private static final long VERIFIED = 1;
    private static final long SUSPENDED = 2;
    private static final long DESCRIBED = 4;
    private static final long CONTACTABLE = 8;
    private static final long CONTACT_VERIFIED = 16;
    private static final long CONTACT_REFUSED = 32;
    private static final int BODIES_SHIFT = 8;
    private static final int BODIES_MASK = 0xff;
    private static final int SCHEMES_SHIFT = 16;

    private PartyRegisterCodec() {}

    /**
     * Returns the word of a state: six flags, the number of bodies that follow, and a bit for each scheme for which the
     * party may vouch.
     */
    static long word(PartyState state) {
        long word = 0;
        if (state.verified()) {
            word |= VERIFIED;
        }
        if (state.suspended()) {
            word |= SUSPENDED;
        }
        Boolean contactable = state.contactable();
        if (contactable != null) {
            word |= contactable ? DESCRIBED | CONTACTABLE : DESCRIBED;
        }
        word |= switch (state.contactCheck()) {
            case NONE -> 0;
            case VERIFIED -> CONTACT_VERIFIED;
            case REFUSED -> CONTACT_REFUSED;
        };
        for (SubjectScheme scheme : state.vouchesFor()) {
            word |= 1L << (SCHEMES_SHIFT + scheme.number());
        }
        return word | (long) state.vouchedBy().size() << BODIES_SHIFT;
    }

    static int bodies(long word) {
        return (int) (word >>> BODIES_SHIFT) & BODIES_MASK;
    }

    static PartyState state(long word, List<PartyId> bodies) {
        Set<SubjectScheme> schemes = EnumSet.noneOf(SubjectScheme.class);
        for (SubjectScheme scheme : SubjectScheme.values()) {
            if ((word >>> (SCHEMES_SHIFT + scheme.number()) & 1) != 0) {
                schemes.add(scheme);
            }
        }
        return new PartyState(
                false,
                (word & VERIFIED) != 0,
                (word & SUSPENDED) != 0,
                schemes,
                bodies,
                (word & DESCRIBED) == 0 ? null : (word & CONTACTABLE) != 0,
                contactCheck(word));
    }

    private static ContactCheck contactCheck(long word) {
        if ((word & CONTACT_REFUSED) != 0) {
            return ContactCheck.REFUSED;
        }
        return (word & CONTACT_VERIFIED) != 0 ? ContactCheck.VERIFIED : ContactCheck.NONE;
    }
}
