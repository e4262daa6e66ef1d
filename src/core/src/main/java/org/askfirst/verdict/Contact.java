package org.askfirst.verdict;

/** The address at which a statement says that somebody can be asked. It decides what can remove the address later. */
public enum Contact {
    /** Neither the terms nor the party had a contact when the statement was made. */
    NONE,
    /** Only the party had a contact. It counts as long as the party has one. */
    OF_PARTY,
    /** The terms have a contact. It counts until the party's data is erased. */
    OF_TERMS,
    /** The terms name a license, which is public and is never erased. */
    LICENSE
}
