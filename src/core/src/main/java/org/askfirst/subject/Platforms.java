package org.askfirst.subject;

import org.askfirst.subject.internal.web.PlatformTable;

/** The table of platforms, by which addresses carry accounts. */
public final class Platforms {
    private Platforms() {}

    /**
     * Returns the version and the date of the table of this release. Only asked addresses depend on it, so nothing that
     * is stored has to be rebuilt when it differs.
     */
    public static String version() {
        return PlatformTable.bundled().version();
    }
}
