package org.askfirst.subject;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.askfirst.subject.internal.web.PlainSpelling;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.WebAddress;

/**
 * Computes the site prefilter: the SHA-256 of {@code gate:} and the registrable domain, or the host itself if it has
 * none (an IP address, a public suffix), without the prefixes that a plain host does not have. The hashed text is not a
 * subject, so nobody can declare or ask it.
 */
final class SitePrefilter {
    private static final byte[] PREFIX = "gate:".getBytes(StandardCharsets.US_ASCII);

    private static final int DOMAIN_START = SubjectScheme.DOMAIN.wireName().length() + 1;

    private SitePrefilter() {}

    /** Returns the site prefilter of an asked subject. Those with an account or a DOI are reached by what has none. */
    static Optional<SubjectKey> of(Subject subject, SuffixList suffixes, PlatformTable platforms) {
        switch (subject.scheme()) {
            case URL, UNDER -> {
                WebAddress address = WebAddress.of(subject.canonical());
                return Expansion.doiOf(address).isPresent() || platforms.find(address) != null
                        ? Optional.empty()
                        : Optional.of(of(address, suffixes));
            }
            case DOMAIN -> {
                String domain = subject.canonical();
                return platforms.ofHost(domain, DOMAIN_START, domain.length()) != null
                        ? Optional.empty()
                        : Optional.of(of(domain, suffixes));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    /** Returns the registrable domain of an address or domain, or its host if it has none; empty for other schemes. */
    static Optional<String> domain(Subject subject, SuffixList suffixes) {
        return switch (subject.scheme()) {
            case URL, UNDER -> {
                WebAddress address = WebAddress.of(subject.canonical());
                int registrable = address.registrable(suffixes);
                yield Optional.of(address.text()
                        .substring(registrable < 0 ? address.hostStart() : registrable, address.hostEnd()));
            }
            case DOMAIN -> {
                String domain = subject.canonical();
                int registrable = suffixes.registrable(domain, DOMAIN_START, domain.length());
                yield Optional.of(domain.substring(registrable < 0 ? DOMAIN_START : registrable));
            }
            default -> Optional.empty();
        };
    }

    /** Returns the site prefilter that an index stores for a statement about that subject. */
    static Optional<SubjectKey> stored(Subject subject, SuffixList suffixes) {
        return switch (subject.scheme()) {
            case URL, UNDER -> Optional.of(of(WebAddress.of(subject.canonical()), suffixes));
            case DOMAIN -> Optional.of(of(subject.canonical(), suffixes));
            default -> Optional.empty();
        };
    }

    private static SubjectKey of(WebAddress address, SuffixList suffixes) {
        int registrable = address.registrable(suffixes);
        return site(address.text(), registrable < 0 ? address.hostStart() : registrable, address.hostEnd());
    }

    private static SubjectKey of(String domain, SuffixList suffixes) {
        int registrable = suffixes.registrable(domain, DOMAIN_START, domain.length());
        return site(domain, registrable < 0 ? DOMAIN_START : registrable, domain.length());
    }

    /** Hosts with the same plain host have the same site prefilter, also if the plain host is a public suffix. */
    private static SubjectKey site(String text, int from, int to) {
        return key(text, PlainSpelling.plainHost(text, from, to), to);
    }

    private static SubjectKey key(String text, int from, int to) {
        byte[] bytes = new byte[PREFIX.length + to - from];
        System.arraycopy(PREFIX, 0, bytes, 0, PREFIX.length);
        for (int i = from; i < to; i++) {
            bytes[PREFIX.length + i - from] = (byte) text.charAt(i);
        }
        return Sha256.ofThread().key(bytes, 0, bytes.length);
    }
}
