package org.askfirst.entry;

/**
 * A holder of a key that may submit an entry.
 *
 * <p>Each kind of entry names its own ({@link Entry#submitters}). Whoever is not named is refused.
 */
public enum Submitter {
    /** The party of the entry, with a key of its own. */
    OWN_KEY,
    /** The body that the entry names ({@link Entry#by}), with a key of its own. */
    VOUCHING_BODY,
    /** The operator of the registry, with the operator's key. */
    OPERATOR,
    /** The registry itself, which records what it observed. It has no key. */
    REGISTRY
}
