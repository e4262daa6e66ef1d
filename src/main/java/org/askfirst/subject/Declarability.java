package org.askfirst.subject;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;

/** What may be asked for but not declared. */
final class Declarability {
    private static final int MAX_UCI_COMPONENTS = Expansion.MAX_UCI_COMPONENTS;

    private Declarability() {}

    static void require(Subject subject, PublicSuffixes suffixes) {
        switch (subject.scheme()) {
            case URL -> requireHost(WebAddress.of(subject).host());
            case UNDER -> requireUnder(WebAddress.of(subject));
            case DOMAIN -> requireDomain(subject.value(), suffixes);
            case ISBN_PREFIX -> requirePublisher(subject.value());
            case UCI_PREFIX -> requireRegistrant(subject.value());
            default -> {}
        }
    }

    private static void requireHost(String host) {
        if (!Hosts.canExist(host)) {
            throw undeclarable(Reason.IMPOSSIBLE_HOST, "no host can have the name " + Refusal.quote(host));
        }
    }

    /** A public suffix as host is allowed: the rule reaches that host alone, which has an owner, and no other. */
    private static void requireUnder(WebAddress address) {
        requireHost(address.host());
        int directories = address.directories();
        if (directories > Subject.MAX_DIRECTORIES) {
            throw undeclarable(
                    Reason.TOO_DEEP,
                    "it has " + directories + " directories, " + Subject.MAX_DIRECTORIES
                            + " at most; declare one above it, or the addresses below it as url:");
        }
    }

    private static void requireDomain(String host, PublicSuffixes suffixes) {
        requireHost(host);
        int registrable = suffixes.registrable(host, 0, host.length());
        if (registrable < 0) {
            throw undeclarable(
                    Reason.PUBLIC_SUFFIX,
                    "under " + Refusal.quote(host)
                            + " anybody can have a name of their own (it is a public suffix); declare your own name below it");
        }
        long labels = host.chars().limit(registrable).filter(c -> c == '.').count();
        if (labels > Subject.MAX_SUBDOMAIN_LABELS) {
            throw undeclarable(
                    Reason.TOO_DEEP,
                    "it is " + labels + " labels below " + Refusal.quote(host.substring(registrable)) + ", "
                            + Subject.MAX_SUBDOMAIN_LABELS + " at most; declare a domain above it");
        }
    }

    private static void requirePublisher(String prefix) {
        int group = BookNumbers.groupLength(prefix);
        if (prefix.length() <= group) {
            throw undeclarable(
                    Reason.REGISTRATION_GROUP,
                    Refusal.quote(prefix)
                            + " names a whole country or language, no publisher; a publisher's prefix has more than "
                            + group
                            + " digits");
        }
        if (prefix.length() > Expansion.LONGEST_ISBN_PREFIX) {
            throw undeclarable(
                    Reason.TOO_LONG,
                    "a prefix leaves at least one digit for the title, so it has " + Expansion.LONGEST_ISBN_PREFIX
                            + " digits at most");
        }
    }

    private static void requireRegistrant(String prefix) {
        long components = prefix.substring(KoreanNumbers.prefixEnd(prefix))
                .chars()
                .filter(c -> c == '-')
                .count();
        if (components > MAX_UCI_COMPONENTS) {
            throw undeclarable(Reason.TOO_DEEP, "it has more than " + MAX_UCI_COMPONENTS + " parts after its prefix");
        }
    }

    private static ProblemException undeclarable(Reason reason, String why) {
        return Problem.UNDECLARABLE_SUBJECT.at("", reason, "It cannot be declared: " + why + ".");
    }
}
