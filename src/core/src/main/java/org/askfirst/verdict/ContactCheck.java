package org.askfirst.verdict;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The answer of a mailbox to the link that the registry sent to the contact of a party. */
public enum ContactCheck {
    /** The mailbox has not answered, or the party has changed its name or its contact since. */
    NONE,
    /** The holder of the mailbox confirmed that the party is its own. */
    VERIFIED,
    /** The holder of the mailbox said that the party is not its own. */
    REFUSED;

    /** Returns the name in tables: {@code none}, {@code verified} or {@code refused}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the constant of a name. */
    public static Optional<ContactCheck> named(String name) {
        return Arrays.stream(values())
                .filter(check -> check.wireName().equals(name))
                .findFirst();
    }
}
