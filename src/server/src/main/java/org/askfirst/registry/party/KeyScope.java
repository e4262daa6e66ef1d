package org.askfirst.registry.party;

import java.util.Arrays;
import java.util.List;

/** The calls for which a key of a party may be used. */
public enum KeyScope {
    /** All calls. */
    FULL("full"),
    /** Declares, amends and withdraws, and reads what belongs to the party. */
    DECLARE("declare"),
    /** Only reads what belongs to the party. */
    READ("read"),
    /** Only looks up. */
    LOOK_UP("look-up"),
    /** Declares without recording anything, looks up, and reads what belongs to the party: for tests of a program. */
    TEST("test");

    private final String wireName;

    KeyScope(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name of the scope in the contract and in {@code party_key}. */
    public String wireName() {
        return wireName;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(KeyScope::wireName).toList();
    }

    static KeyScope named(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName.equals(wireName))
                .findFirst()
                .orElseThrow();
    }

    /** Returns true if a key of this scope may be used for a call that needs the other scope. */
    boolean covers(KeyScope needed) {
        return switch (this) {
            case FULL -> true;
            case DECLARE -> needed == DECLARE || needed == READ || needed == TEST;
            case TEST -> needed == TEST || needed == READ || needed == LOOK_UP;
            case READ, LOOK_UP -> needed == this;
        };
    }
}
