package org.askfirst.registry.asked;

import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The asker of a lookup, as counts know it.
 *
 * @param party the party of the key or session; null without one
 * @param named true if the party is shown by name to those whose declarations it looks up: it used a key. People who
 *     look at pages with a session stay without a name
 */
public record Asker(@Nullable PartyId party, boolean named) {
    /** An asker without a key. */
    public static final Asker ANONYMOUS = new Asker(null, false);

    /** The number of all askers without a name, together. */
    static final UUID NOBODY = new UUID(0, 0);

    /** The number of the party that makes the declaration, and of the member for whom it does. */
    static final UUID SELF = new UUID(0, 1);

    /**
     * Returns the number under which a lookup of the statement is counted. A party that looks up its own declaration is
     * counted apart, however it looks.
     */
    UUID countedFor(Statement statement) {
        if (party == null) {
            return NOBODY;
        }
        UUID number = party.number();
        if (number.equals(statement.party().number())
                || number.equals(statement.onBehalfOf().of())) {
            return SELF;
        }
        return named ? number : NOBODY;
    }
}
