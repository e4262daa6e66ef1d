package org.askfirst.verdict;

import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/** The strength of the evidence of a party's right to a subject, weakest first. */
public enum Control {
    /** There is no evidence. */
    NONE,
    /**
     * The party's token was found on a page, where a visitor may have left it. This is enough for a reservation to
     * apply, and not enough for a permission.
     */
    SHOWN,
    /**
     * Only the controller of the subject can produce the evidence, or the operator or a vouching body recorded the
     * right.
     */
    PROVED;

    /**
     * Returns the strength of a proof that rests on the word of a body: no more than {@link #SHOWN} while the body may
     * not vouch for subjects of that scheme. So a permission stops with the body, and a reservation does not.
     *
     * @param body the body; null if the proof rests on nobody's word
     */
    public Control onWordOf(@Nullable PartyId body, SubjectScheme scheme, PartyRegister parties) {
        return this == PROVED && body != null && !parties.state(body).mayVouchFor(scheme) ? SHOWN : this;
    }

    /** Returns the stronger of the two. */
    public Control stronger(Control other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
