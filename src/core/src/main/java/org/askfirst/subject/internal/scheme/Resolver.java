package org.askfirst.subject.internal.scheme;

/**
 * A site whose links name values of a scheme.
 *
 * @param host the host without {@code www.}
 * @param path the part of the path before the value, without the first slash
 */
public record Resolver(String host, String path) {}
