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
 * The public suffix list, with its private section. It determines where a registrable domain begins.
 *
 * <p>The rules are those of publicsuffix.org: the longest matching rule wins, an exception wins over all other rules,
 * and a top-level domain that is not on the list is itself a public suffix. Rules are stored in Punycode, as in hosts.
 *
 * <p>The list is part of the pinned crawler-commons; {@link #version()} returns its version. Only the data is used: the
 * library's finder returns strings, and has a tenth of the speed that bulk lookups need.
 */
public final class SuffixList {
    private static final String RESOURCE = "/effective_tld_names.dat";

    private static final int PRESENT = 1;
    private static final int RULE = 2;
    private static final int WILDCARD = 4;
    private static final int EXCEPTION = 8;

    private final String version;

    /**
     * A hash table with open addressing. Each used slot has the suffix, its hash and its flags; at least half of the
     * slots are empty.
     */
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

    /** Returns the list of this release. */
    public static SuffixList bundled() {
        return Bundled.LIST;
    }

    /**
     * Returns the version of the list: its date and the first digits of its commit, such as {@code 2025-11-27
     * d3567de748c6}. Store it with everything that is computed from the list, such as the site prefilters of an index,
     * and rebuild that when the version differs.
     */
    public String version() {
        return version;
    }

    /**
     * Returns true if the host is a public suffix, such as {@code co.kr} or {@code github.io}, so that nobody can
     * register it alone; false for IP addresses.
     *
     * @param host a canonical host
     */
    public boolean isPublicSuffix(String host) {
        return !Hosts.isIpAddress(host) && registrable(host, 0, host.length()) < 0;
    }

    /** Returns true if the last label of a canonical host is a top-level domain of the list. */
    public boolean hasKnownTopLevel(String host) {
        int label = host.lastIndexOf('.') + 1;
        int hash = 0;
        for (int i = host.length() - 1; i >= label; i--) {
            hash = hash * 31 + host.charAt(i);
        }
        return find(hash, host, label, host.length()) != 0;
    }

    /**
     * Returns true if the list has a rule for this suffix or for a name below it.
     *
     * @param suffix canonical, such as {@code kr}
     */
    public boolean names(String suffix) {
        int hash = 0;
        for (int i = suffix.length() - 1; i >= 0; i--) {
            hash = hash * 31 + suffix.charAt(i);
        }
        return find(hash, suffix, 0, suffix.length()) != 0;
    }

    /**
     * Reads a list in the format of publicsuffix.org.
     *
     * @throws IOException if the source cannot be read
     */
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
        // Every parent name is present too, so a search from the right may stop at the first absent name.
        for (int dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
            rules.merge(suffix.substring(dot + 1), PRESENT, (old, now) -> old | now);
        }
    }

    /**
     * Returns the index at which the registrable domain of {@code text[from, to)} begins; negative if the host is
     * itself a public suffix. The host must be canonical and not an IP address.
     */
    public int registrable(String text, int from, int to) {
        int hash = 0;
        // A name without a rule follows the rule "*": its last label is a public suffix.
        int suffix = text.lastIndexOf('.', to - 1) + 1;
        suffix = Math.max(suffix, from);
        for (int i = to - 1; i >= from; i--) {
            char c = text.charAt(i);
            if (i == from || text.charAt(i - 1) == '.') {
                hash = hash * 31 + c;
                int flagsOfName = find(hash, text, i, to);
                if (flagsOfName == 0) {
                    break;
                }
                if ((flagsOfName & EXCEPTION) != 0) {
                    suffix = text.indexOf('.', i) + 1;
                    break;
                }
                if ((flagsOfName & RULE) != 0) {
                    suffix = i;
                }
                if ((flagsOfName & WILDCARD) != 0 && i > from) {
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
        for (int slot = homeSlot(hash); ; slot = (slot + 1) & mask) {
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
        int slot = homeSlot(hash);
        while (suffixes[slot] != null) {
            slot = (slot + 1) & mask;
        }
        suffixes[slot] = suffix;
        hashes[slot] = hash;
        flags[slot] = (byte) kind;
    }

    private int homeSlot(int hash) {
        return (hash ^ (hash >>> 15)) & mask;
    }

    /** Loads the list once, on first use. */
    private static final class Bundled {
        static final SuffixList LIST = load();

        private static SuffixList load() {
            try (InputStream stream = EffectiveTldFinder.class.getResourceAsStream(RESOURCE)) {
                if (stream == null) {
                    throw new IllegalStateException("crawler-commons has no public suffix list");
                }
                return read(new InputStreamReader(stream, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
