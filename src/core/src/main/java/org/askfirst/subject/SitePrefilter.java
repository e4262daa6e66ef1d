package org.askfirst.subject;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.WebAddress;

/**
 * Computes the site prefilter: the SHA-256 of {@code gate:} and the registrable domain, or the host itself if it has
 * none (an IP address, a public suffix). The hashed text is not a subject, so nobody can declare or ask it.
 */
final class SitePrefilter {
    private static final byte[] PREFIX = "gate:".getBytes(StandardCharsets.US_ASCII);

    private SitePrefilter() {}

    static Optional<SubjectKey> of(Subject subject, SuffixList suffixes) {
        return switch (subject.scheme()) {
            case URL, UNDER -> of(WebAddress.of(subject.canonical()), suffixes);
            case DOMAIN ->
                Optional.of(
                        of(subject.canonical(), SubjectScheme.DOMAIN.wireName().length() + 1, suffixes));
            default -> Optional.empty();
        };
    }

    private static Optional<SubjectKey> of(WebAddress address, SuffixList suffixes) {
        if (Expansion.doiOf(address).isPresent()) {
            return Optional.empty();
        }
        int registrable = address.registrable(suffixes);
        return Optional.of(key(address.text(), registrable < 0 ? address.hostStart() : registrable, address.hostEnd()));
    }

    private static SubjectKey of(String domain, int start, SuffixList suffixes) {
        int registrable = suffixes.registrable(domain, start, domain.length());
        return key(domain, registrable < 0 ? start : registrable, domain.length());
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
