package org.askfirst.subject;

import java.net.IDN;
import java.util.Locale;
import org.askfirst.subject.internal.web.SuffixList;

/** The public suffix list that keys depend on: its version, and the hosts that are public suffixes. */
public final class PublicSuffixes {
    private static final PublicSuffixes BUNDLED = new PublicSuffixes(SuffixList.bundled());

    private final SuffixList list;

    private PublicSuffixes(SuffixList list) {
        this.list = list;
    }

    /** Returns the list of this release. */
    public static PublicSuffixes bundled() {
        return BUNDLED;
    }

    /**
     * Returns the version of the list: its date and the first digits of its commit, such as {@code 2025-11-27
     * d3567de748c6}. Store it with everything that is computed from the list, such as the site prefilters of an index,
     * and rebuild that when the version differs.
     */
    public String version() {
        return list.version();
    }

    /**
     * Returns the part of the host that somebody can register: the public suffix and one label before it. Returns the
     * host itself if it has no such part, as an IP address has none.
     */
    public String site(String host) {
        String site = host;
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            String parent = host.substring(dot + 1);
            if (isPublicSuffix(parent)) {
                return site;
            }
            site = parent;
        }
        return host;
    }

    /**
     * Returns true if the host is a public suffix, such as {@code co.kr} or {@code github.io}, so that nobody can
     * register it alone; false for IP addresses.
     *
     * @param host a canonical host
     */
    public boolean isPublicSuffix(String host) {
        return list.isPublicSuffix(host);
    }

    /**
     * Returns true if hosts end with this label, so that a text with it may be a host: {@code kr} and {@code 한국}, but not
     * {@code hwp}.
     *
     * @param label in any spelling, without dots
     */
    public boolean isTopLevelDomain(String label) {
        try {
            return !label.isEmpty() && list.names(IDN.toASCII(label).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }
}
