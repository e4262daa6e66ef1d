package org.askfirst.testkit;

import java.util.concurrent.atomic.AtomicLong;

/** Subjects that no other test speaks of, so that tests on one ledger do not meet. */
public final class Names {
    private static final AtomicLong NUMBER = new AtomicLong(System.nanoTime() % 1_000_000_007L);

    private Names() {}

    /** A host nobody spoke of. */
    public static String host() {
        return "t" + NUMBER.incrementAndGet() + ".example-works.com";
    }

    /** A registrable domain nobody spoke of. */
    public static String domain() {
        return "t" + NUMBER.incrementAndGet() + ".com";
    }

    /** An address nobody spoke of. */
    public static String url() {
        return "url:https://" + host() + "/art";
    }

    /** A file nobody spoke of. */
    public static String file() {
        return "sha256:" + String.format(java.util.Locale.ROOT, "%064x", NUMBER.incrementAndGet());
    }
}
