package org.askfirst.entry;

/**
 * The holder of a key that may submit an entry.
 *
 * <p>Each kind of entry names its submitters ({@link Entry#submitters}). All others are refused.
 */
public enum Submitter {
    /** The party of the entry, with a key of its own. */
    OWN_KEY,
    /** The body that the entry names ({@link Entry#by}), with a key of its own. */
    VOUCHING_BODY,
    /** The arbiter that the entry names ({@link Entry#by}), with a key of its own. */
    ARBITER,
    /** The operator of the registry, with the operator's key. */
    OPERATOR,
    /** The registry itself, which records its own observations. It has no key. */
    REGISTRY
}
