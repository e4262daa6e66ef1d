package org.askfirst.subject;

import org.askfirst.subject.internal.web.SuffixList;

/** The public suffix list that keys are made with: which one it is, and which hosts are suffixes by it. */
public final class PublicSuffixes {
    private static final PublicSuffixes BUNDLED = new PublicSuffixes(SuffixList.bundled());

    private final SuffixList list;

    private PublicSuffixes(SuffixList list) {
        this.list = list;
    }

    /** The list this release is pinned to. */
    public static PublicSuffixes bundled() {
        return BUNDLED;
    }

    /**
     * Which list this is: its date and the first digits of its commit, such as {@code 2025-11-27 d3567de748c6}. Keep it
     * beside everything derived from the list (the gate keys of an index, a snapshot) and rebuild that when it differs.
     */
    public String version() {
        return list.version();
    }

    /**
     * Whether nobody can register this host for itself alone, as {@code co.kr} or {@code github.io}; false for IP
     * addresses.
     *
     * @param host a canonical host
     */
    public boolean isPublicSuffix(String host) {
        return list.isPublicSuffix(host);
    }
}
