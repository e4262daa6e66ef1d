package org.askfirst.subject.internal.web;

/**
 * The places of the parts of a canonical {@code url} or {@code under} in its text. Nothing is parsed again, because a
 * canonical path has no bare question mark.
 *
 * @param text the canonical subject
 * @param hostStart the index of the first character of the host
 * @param plainHostStart the index at which the plain host begins ({@link PlainSpelling#plainHost})
 * @param hostEnd the index of the slash after the host
 * @param pathEnd the index of the question mark, or the length of the text
 */
public record WebAddress(String text, int hostStart, int plainHostStart, int hostEnd, int pathEnd) {
    /** Finds the parts of that canonical subject. */
    public static WebAddress of(String text) {
        int hostStart = text.indexOf(':') + 1 + UrlCanonicalizer.PREFIX.length();
        int hostEnd = text.indexOf('/', hostStart);
        int query = text.indexOf('?', hostEnd);
        int plainHostStart = PlainSpelling.plainHost(text, hostStart, hostEnd);
        return new WebAddress(text, hostStart, plainHostStart, hostEnd, query < 0 ? text.length() : query);
    }

    public String host() {
        return text.substring(hostStart, hostEnd);
    }

    public boolean hasQuery() {
        return pathEnd < text.length();
    }

    /** Returns the number of segments of the path that are followed by a slash. */
    public int directories() {
        int count = 0;
        for (int i = hostEnd + 1; i < pathEnd; i++) {
            count += text.charAt(i) == '/' ? 1 : 0;
        }
        return count;
    }

    /** Returns the index at which the registrable domain begins; negative for an IP address and a public suffix. */
    public int registrable(SuffixList suffixes) {
        return Hosts.isIpAddress(text, hostStart, hostEnd) ? -1 : suffixes.registrable(text, hostStart, hostEnd);
    }
}
