package org.askfirst.subject.internal.scheme;

/**
 * A site whose links name values of a scheme.
 *
 * @param host without {@code www.}
 * @param path what precedes the value in the path, without the first slash
 */
public record Resolver(String host, String path) {}
