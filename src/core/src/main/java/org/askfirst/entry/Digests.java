package org.askfirst.entry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash function of the ledger. */
final class Digests {
    private Digests() {}

    /** A fresh SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
