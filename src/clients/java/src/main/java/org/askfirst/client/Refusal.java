package org.askfirst.client;

import java.util.Locale;

/** Why a snapshot is not used. {@code docs/formats/snapshot.md} has the cases. */
public enum Refusal {
    /** The log's key did not sign this catalogue. */
    BAD_SIGNATURE,
    /** The catalogue needs a newer client. */
    UNSUPPORTED,
    /** The catalogue is too old to answer from. */
    EXPIRED,
    /** The catalogue is older than one that was accepted before. */
    ROLLED_BACK,
    /** A file is missing or has another length. */
    TRUNCATED,
    /** A file has another content. */
    TAMPERED,
    /** A file belongs to another log or position. */
    MIXED,
    /** The folder cannot be read, or does not answer. */
    UNREACHABLE;

    /** Returns the name as the format writes it, such as {@code rolled-back}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
