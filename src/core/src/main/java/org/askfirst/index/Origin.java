package org.askfirst.index;

/**
 * Of which ledger something is, and up to where.
 *
 * @param ledger the name of its log
 * @param position entries up to and including it are in
 * @param leafHash of the entry at that position, 64 hexadecimal digits; empty at position 0
 * @param suffixes the public suffix list that gates were made with
 */
public record Origin(String ledger, long position, String leafHash, String suffixes) {}
