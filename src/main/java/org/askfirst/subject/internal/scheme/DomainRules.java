package org.askfirst.subject;

import java.nio.charset.StandardCharsets;

/** Domains: a host and all its subdomains. */
final class DomainNames {
    private DomainNames() {}

    /** A host alone, or an address without a path, or a wildcard as certificates and robots files write it. */
    static Subject domain(String untrusted) {
        String text = Spelling.plain(untrusted);
        text = Spelling.without(text, "https://", "http://", "//");
        text = Spelling.without(text, "*.");
        String host = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int slash = host.indexOf('/');
        if (slash >= 0) {
            throw Refusal.SHAPE.because(
                    "a domain has no path; here is " + Refusal.quote(text), "under:https://" + text);
        }
        byte[] bytes = withoutPort(host).getBytes(StandardCharsets.UTF_8);
        String canonical = Hosts.canonical(bytes, 0, bytes.length);
        if (Hosts.isIpAddress(canonical)) {
            throw Refusal.SHAPE.because("an IP address is no domain", "under:https://" + canonical + "/");
        }
        return Subject.of(SubjectScheme.DOMAIN, canonical);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > 0 && Spelling.isDigits(host, colon + 1, host.length()) && host.charAt(0) != '['
                ? host.substring(0, colon)
                : host;
    }
}
