package org.askfirst.index;

/**
 * The ledger to which an index or a file belongs, and the last entry that it includes.
 *
 * @param ledger the name of the ledger's log
 * @param position the position of the last included entry
 * @param leafHash the leaf hash of that entry, 64 hexadecimal digits; empty at position 0
 * @param suffixes the version of the public suffix list from which the site prefilters were computed
 */
public record Origin(String ledger, long position, String leafHash, String suffixes) {}
