package org.askfirst.problem;

/**
 * One member of a request that is at fault.
 *
 * @param pointer JSON Pointer (RFC 6901) into the body, such as {@code /stances/ai-training}; empty for the whole
 * @param detail what is wrong with it, for the caller to act on
 */
public record Violation(String pointer, String detail) {}
