package org.askfirst.subject.internal.web;

import crawlercommons.domains.EffectiveTldFinder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public suffix list, private section included: where a registrable domain begins.
 *
 * <p>The rules are those of publicsuffix.org: the longest matching rule prevails, an exception over every other, and a
 * top-level domain that the list does not name is a public suffix itself. Rules are kept as they are spelled in hosts
 * (Punycode).
 *
 * <p>The list is the one inside the pinned crawler-commons; {@link #version()} says which. Only its data is used: its
 * finder answers in strings, at a tenth of the speed a bulk lookup needs.
 */
public final class SuffixList {
    private static final String RESOURCE = "/effective_tld_names.dat";

    private static final int PRESENT = 1;
    private static final int RULE = 2;
    private static final int WILDCARD = 4;
    private static final int EXCEPTION = 8;

    private final String version;

    /** Open addressing: at each used slot the suffix, its hash and what the list says of it; half of them empty. */
    private final @Nullable String[] suffixes;

    private final int[] hashes;
    private final byte[] flags;
    private final int mask;

    private SuffixList(String version, Map<String, Integer> rules) {
        this.version = version;
        int capacity = Integer.highestOneBit(Math.max(rules.size(), 1)) * 4;
        suffixes = new String[capacity];
        hashes = new int[capacity];
        flags = new byte[capacity];
        mask = capacity - 1;
        rules.forEach(this::put);
    }

    /** The list this release is pinned to. */
    public static SuffixList bundled() {
        return Bundled.LIST;
    }

    /**
     * Which list this is: its date and the first digits of its commit, such as {@code 2025-11-27 d3567de748c6}. Keep it
     * beside everything derived from the list (the gate keys of an index, a snapshot) and rebuild that when it differs.
     */
    public String version() {
        return version;
    }

    /**
     * Whether nobody can register this host for itself alone, as {@code co.kr} or {@code github.io}; false for IP
     * addresses.
     *
     * @param host a canonical host
     */
    public boolean isPublicSuffix(String host) {
        return !Hosts.isIpAddress(host) && registrable(host, 0, host.length()) < 0;
    }

    /** Reads a list in the format of publicsuffix.org. */
    public static SuffixList read(Reader source) throws IOException {
        Map<String, Integer> rules = new LinkedHashMap<>();
        String date = "undated";
        String commit = "";
        BufferedReader lines = new BufferedReader(source);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("// VERSION: ")) {
                date = line.substring(12).strip().substring(0, 10);
            }
            if (line.startsWith("// COMMIT: ")) {
                commit = " " + line.substring(11).strip().substring(0, 12);
            }
            String rule = line.strip();
            int space = rule.indexOf(' ');
            rule = space < 0 ? rule : rule.substring(0, space);
            if (!rule.isEmpty() && !rule.startsWith("//")) {
                add(rules, rule);
            }
        }
        return new SuffixList(date + commit, rules);
    }

    private static void add(Map<String, Integer> rules, String rule) {
        int kind = RULE;
        String suffix = rule;
        if (rule.startsWith("!")) {
            kind = EXCEPTION;
            suffix = rule.substring(1);
        }
        if (rule.startsWith("*.")) {
            kind = WILDCARD;
            suffix = rule.substring(2);
        }
        suffix = InternationalNames.toAscii(suffix);
        rules.merge(suffix, kind | PRESENT, (old, now) -> old | now);
        // Every ancestor is present too, so that a walk from the right may stop at the first name that is not.
        for (int dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
            rules.merge(suffix.substring(dot + 1), PRESENT, (old, now) -> old | now);
        }
    }

    /**
     * Where the registrable domain of {@code text[from, to)}, a canonical host that is no IP address, begins; negative if
     * the host is a public suffix itself.
     */
    public int registrable(String text, int from, int to) {
        int hash = 0;
        // A name that no rule speaks of is under the rule "*": its last label is a public suffix.
        int suffix = text.lastIndexOf('.', to - 1) + 1;
        suffix = Math.max(suffix, from);
        for (int i = to - 1; i >= from; i--) {
            char c = text.charAt(i);
            if (i == from || text.charAt(i - 1) == '.') {
                hash = hash * 31 + c;
                int found = find(hash, text, i, to);
                if (found == 0) {
                    break;
                }
                if ((found & EXCEPTION) != 0) {
                    suffix = text.indexOf('.', i) + 1;
                    break;
                }
                if ((found & RULE) != 0) {
                    suffix = i;
                }
                if ((found & WILDCARD) != 0 && i > from) {
                    suffix = Math.max(text.lastIndexOf('.', i - 2) + 1, from);
                }
                continue;
            }
            hash = hash * 31 + c;
        }
        return suffix <= from ? -1 : Math.max(text.lastIndexOf('.', suffix - 2) + 1, from);
    }

    private int find(int hash, String text, int from, int to) {
        int length = to - from;
        for (int slot = spread(hash); ; slot = (slot + 1) & mask) {
            String suffix = suffixes[slot];
            if (suffix == null) {
                return 0;
            }
            if (hashes[slot] == hash && suffix.length() == length && text.regionMatches(from, suffix, 0, length)) {
                return flags[slot];
            }
        }
    }

    private void put(String suffix, int kind) {
        int hash = 0;
        for (int i = suffix.length() - 1; i >= 0; i--) {
            hash = hash * 31 + suffix.charAt(i);
        }
        int slot = spread(hash);
        while (suffixes[slot] != null) {
            slot = (slot + 1) & mask;
        }
        suffixes[slot] = suffix;
        hashes[slot] = hash;
        flags[slot] = (byte) kind;
    }

    private int spread(int hash) {
        return (hash ^ (hash >>> 15)) & mask;
    }

    /** Loaded when first asked for, once. */
    private static final class Bundled {
        static final SuffixList LIST = load();

        private static SuffixList load() {
            try (InputStream stream = EffectiveTldFinder.class.getResourceAsStream(RESOURCE)) {
                if (stream == null) {
                    throw new IllegalStateException("crawler-commons brings no public suffix list");
                }
                return read(new InputStreamReader(stream, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
