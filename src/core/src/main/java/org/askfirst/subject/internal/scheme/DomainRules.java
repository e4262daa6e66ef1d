package org.askfirst.subject.internal.scheme;

import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.Hosts;
import org.askfirst.subject.internal.web.SuffixList;

/** A host and all its subdomains. */
public final class DomainRules implements SchemeRules {
    /** The greatest number of labels of a declared {@code domain} before its registrable domain. */
    public static final int MAX_SUBDOMAIN_LABELS = 8;

    /** Reads a host, an address without a path, or a wildcard as in certificates and robots files. */
    @Override
    public String parse(String untrusted) {
        String text = Spelling.plain(untrusted);
        text = Spelling.without(text, "https://", "http://", "//");
        text = Spelling.without(text, "*.");
        requireNoWildcard(text);
        String host = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int slash = host.indexOf('/');
        if (slash >= 0) {
            throw Refusal.SHAPE.because(
                    "a domain has no path; this is " + Refusal.quote(text), "under:https://" + text);
        }
        byte[] bytes = withoutPort(host).getBytes(StandardCharsets.UTF_8);
        String canonical = Hosts.canonical(bytes, 0, bytes.length);
        if (Hosts.isIpAddress(canonical)) {
            throw Refusal.SHAPE.because("an IP address is not a domain", "under:https://" + canonical + "/");
        }
        return "domain:" + canonical;
    }

    /** Refuses every other asterisk, and suggests the domain or the directory that was probably meant. */
    private static void requireNoWildcard(String text) {
        int asterisk = text.indexOf('*');
        int slash = text.indexOf('/');
        if (asterisk < 0) {
            return;
        }
        if (slash >= 0 && slash < asterisk) {
            String host = text.substring(0, slash);
            int end = text.lastIndexOf('/', asterisk);
            throw Refusal.WILDCARD.because(
                    "a domain has no path; this is " + Refusal.quote(text),
                    end == slash ? "domain:" + host : "under:https://" + text.substring(0, end + 1));
        }
        String end = text.substring(text.lastIndexOf('*') + 1);
        String domain = end.startsWith(".") ? end.substring(1) : end;
        String fault = "in a domain, *. may only be in front; this is " + Refusal.quote(text);
        throw domain.indexOf('.') > 0
                ? Refusal.WILDCARD.because(fault, "domain:" + domain)
                : Refusal.WILDCARD.because(fault);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > 0 && Spelling.isDigits(host, colon + 1, host.length()) && host.charAt(0) != '['
                ? host.substring(0, colon)
                : host;
    }

    @Override
    public int specificity(String host, SuffixList suffixes) {
        int registrable = suffixes.registrable(host, 0, host.length());
        return Specificity.domain(labels(host, Math.max(registrable, 0)));
    }

    /** Adds nothing: {@code ExpansionBuilder} expands addresses in one buffer. */
    @Override
    public void containers(String value, Containers to) {}

    @Override
    public void requireDeclarable(String host, SuffixList suffixes) {
        int registrable = suffixes.registrable(host, 0, host.length());
        if (registrable >= 0 || !suffixes.hasKnownTopLevel(host)) {
            Declarability.requireHost(host);
        }
        if (registrable < 0) {
            throw Declarability.undeclarable(
                    Reason.PUBLIC_SUFFIX,
                    "under " + Refusal.quote(host)
                            + " anybody can register a name (it is a public suffix);"
                            + " declare your own name below it");
        }
        int labels = labels(host, registrable);
        if (labels > MAX_SUBDOMAIN_LABELS) {
            throw Declarability.undeclarable(
                    Reason.TOO_DEEP,
                    "it is " + labels + " labels below "
                            + Refusal.quote(host.substring(registrable)) + ", and at most "
                            + MAX_SUBDOMAIN_LABELS + " are allowed; declare a domain above it");
        }
    }

    private static int labels(String host, int end) {
        return (int) host.chars().limit(end).filter(c -> c == '.').count();
    }
}
