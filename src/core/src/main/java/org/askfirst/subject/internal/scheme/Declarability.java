package org.askfirst.subject.internal.scheme;

import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.web.Hosts;
import org.askfirst.subject.internal.web.IpAddresses;
import org.askfirst.subject.internal.web.WebAddress;
import org.jspecify.annotations.Nullable;

/** Refuses subjects that may be asked and not declared. */
final class Declarability {
    /**
     * The top-level names that lead to another machine in each network, or to none (RFC 6761, RFC 6762, RFC 9476, the
     * ICANN resolution of 2024 on "internal").
     */
    private static final Set<String> LOCAL_NAMES =
            Set.of("localhost", "localdomain", "local", "internal", "intranet", "lan", "invalid", "alt");

    private static final String ESCAPED_ASTERISK = "%2A.";

    private Declarability() {}

    /** Refuses a canonical address whose host cannot exist or is not public, and one with a wildcard. */
    static void requireAddress(String scheme, WebAddress address) {
        requireHost(address.host(), addressBehind(scheme, address));
        requireNoWildcard(scheme, address);
    }

    /** Refuses a canonical host that cannot exist or is not on the public internet. */
    static void requireHost(String host) {
        requireHost(host, null);
    }

    private static void requireHost(String host, @Nullable String meant) {
        if (host.startsWith(ESCAPED_ASTERISK) && Hosts.canExist(host.substring(ESCAPED_ASTERISK.length()))) {
            String domain = "domain:" + host.substring(ESCAPED_ASTERISK.length());
            throw undeclarable(Reason.WILDCARD, "the host has a wildcard", domain);
        }
        if (!Hosts.canExist(host)) {
            throw undeclarable(Reason.IMPOSSIBLE_HOST, "no host can have the name " + Refusal.quote(host));
        }
        if (!isPublic(host)) {
            throw undeclarable(
                    Reason.NOT_PUBLIC_HOST,
                    Refusal.quote(host) + " is not a host on the public internet, so it is another machine for each"
                            + " asker",
                    meant);
        }
    }

    private static boolean isPublic(String host) {
        if (Hosts.isIpAddress(host)) {
            return IpAddresses.isPublic(host);
        }
        int last = host.lastIndexOf('.') + 1;
        return last > 0 && !LOCAL_NAMES.contains(host.substring(last)) && !host.endsWith(".home.arpa");
    }

    /** Returns the address that was meant by one with two schemes, such as {@code https://https://example.com}. */
    private static @Nullable String addressBehind(String scheme, WebAddress address) {
        if (!address.host().equals("https") && !address.host().equals("http")) {
            return null;
        }
        String text = address.text();
        int host = address.hostEnd() + 1;
        int slash = text.indexOf('/', host);
        int dot = text.indexOf('.', host);
        boolean hasHost = dot > host && (slash < 0 || dot < slash);
        return hasHost ? scheme + ":https://" + text.substring(host) : null;
    }

    /**
     * Refuses an asterisk, and a dollar sign at the end. Robots files use them as wildcards, and a declaration with one
     * would reach no page.
     */
    private static void requireNoWildcard(String scheme, WebAddress address) {
        String text = address.text();
        int asterisk = text.indexOf('*', address.hostEnd());
        if (asterisk >= 0) {
            String meant = asterisk > address.pathEnd()
                    ? text.substring(0, address.pathEnd())
                    : "under:" + text.substring(scheme.length() + 1, text.lastIndexOf('/', asterisk) + 1);
            throw undeclarable(Reason.WILDCARD, "a * in an address is not applied as a wildcard", meant);
        }
        int end = scheme.equals("under") ? text.length() - 1 : text.length();
        if (text.charAt(end - 1) == '$') {
            String meant = text.substring(0, end - 1) + text.substring(end);
            throw undeclarable(Reason.WILDCARD, "a $ at the end of an address is not applied", meant);
        }
    }

    static ProblemException undeclarable(Reason reason, String why) {
        return undeclarable(reason, why, null);
    }

    private static ProblemException undeclarable(Reason reason, String why, @Nullable String meant) {
        String question = meant == null ? "." : ". Did you mean " + Refusal.shorten(meant) + "?";
        return Problem.UNDECLARABLE_SUBJECT.at("", reason, "It cannot be declared: " + why + question, meant);
    }
}
