package org.askfirst.subject.internal.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The plain spelling of an address: the one spelling that addresses share which people and servers use for one page. It
 * has no {@code www.}, {@code m.} or {@code mobile.} before the host, no index document and no slash at the end of the
 * path, and no tracking parameters.
 *
 * <p>A plain spelling is its own plain spelling. The lists below are a part of the format ({@code
 * docs/formats/subjects.md}): another list gives other keys. They do not depend on the public suffix list, so keys do
 * not change with it.
 */
public final class PlainSpelling {
    private static final List<String> HOST_PREFIXES = List.of("www.", "m.", "mobile.");

    private static final Set<String> INDEX_NAMES = Set.of("index", "default");
    private static final Set<String> INDEX_ENDINGS = Set.of(
            "html", "htm", "shtml", "xhtml", "php", "phtml", "asp", "aspx", "jsp", "jspx", "do", "cgi", "cfm", "pl");
    private static final int LONGEST_INDEX = "default.shtml".length();

    /** The beginnings of names that only trackers use. */
    private static final List<String> TRACKER_PREFIXES = List.of("utm_", "mtm_");

    /** The names of parameters that say where a visitor came from and nothing about the page. */
    private static final Set<String> TRACKERS = Set.of(
            // Google, Meta, Microsoft, X, TikTok, Yandex, LinkedIn, Pinterest, Reddit
            "gclid",
            "gclsrc",
            "dclid",
            "gbraid",
            "wbraid",
            "gad_source",
            "gad_campaignid",
            "srsltid",
            "_ga",
            "_gl",
            "fbclid",
            "fb_action_ids",
            "fb_action_types",
            "fb_ref",
            "fb_source",
            "igshid",
            "igsh",
            "msclkid",
            "twclid",
            "ref_src",
            "ref_url",
            "ttclid",
            "yclid",
            "ysclid",
            "li_fat_id",
            "epik",
            "rdt_cid",
            // Mail and marketing tools
            "mc_cid",
            "mc_eid",
            "_hsenc",
            "_hsmi",
            "__hstc",
            "__hssc",
            "__hsfp",
            "hsctatracking",
            "mkt_tok",
            "oly_anon_id",
            "oly_enc_id",
            "vero_id",
            "wickedid",
            "pk_campaign",
            "pk_cid",
            "pk_content",
            "pk_keyword",
            "pk_kwd",
            "pk_medium",
            "pk_source",
            // Alibaba; search advertising and shopping of Naver
            "spm",
            "n_ad",
            "n_ad_group",
            "n_ad_group_type",
            "n_campaign_type",
            "n_keyword",
            "n_keyword_id",
            "n_match",
            "n_media",
            "n_network",
            "n_query",
            "n_rank",
            "napm");

    /** The names that are trackers only on some sites, because elsewhere they may select a page. */
    private static final Map<String, Set<String>> TRACKERS_BY_PLAIN_HOST = Map.of(
            "youtube.com", Set.of("si", "feature"),
            "music.youtube.com", Set.of("si", "feature"),
            "youtu.be", Set.of("si", "feature"),
            "open.spotify.com", Set.of("si"),
            "soundcloud.com", Set.of("si"),
            "x.com", Set.of("s", "t"),
            "twitter.com", Set.of("s", "t"),
            "tiktok.com", Set.of("_r", "_t"));

    /** True at the place of the hash of each tracker. Most names are none, and this settles them without a string. */
    private static final boolean[] MAY_BE_TRACKER = mayBeTracker();

    private PlainSpelling() {}

    private static boolean[] mayBeTracker() {
        boolean[] places = new boolean[1 << 12];
        Stream.concat(
                        TRACKERS.stream(),
                        TRACKERS_BY_PLAIN_HOST.values().stream().flatMap(Set::stream))
                .forEach(name -> places[place(name, 0, name.length(), places.length)] = true);
        return places;
    }

    private static int place(String text, int from, int to, int places) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            hash = 31 * hash + (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        return (hash ^ (hash >>> 16)) & (places - 1);
    }

    /**
     * Returns the plain spelling of that canonical {@code url}; the same string if it is that already. An address that
     * would end in a segment of asterisks stays as it is, because such an address means everything below the directory.
     */
    public static String of(WebAddress address) {
        String plain = shortened(address);
        return UrlCanonicalizer.endsInWildcard(plain, plain.length()) ? address.text() : plain;
    }

    private static String shortened(WebAddress address) {
        String text = address.text();
        int hostStart = address.plainHostStart();
        int pathEnd = plainPath(text, address.hostEnd(), address.pathEnd());
        boolean isTracked = address.hasQuery() && isTracked(address);
        if (hostStart == address.hostStart() && pathEnd == address.pathEnd() && !isTracked) {
            return text;
        }
        String untilHost = text.substring(0, address.hostStart());
        if (!isTracked) {
            String plain = untilHost.concat(text.substring(hostStart, pathEnd));
            return address.hasQuery() ? plain.concat(text.substring(address.pathEnd())) : plain;
        }
        StringBuilder plain =
                new StringBuilder(text.length()).append(untilHost).append(text.substring(hostStart, pathEnd));
        appendUntracked(address, plain);
        return plain.toString();
    }

    /** Returns the index at which the plain host begins in {@code text[from, to)}. At least one dot is left in it. */
    public static int plainHost(String text, int from, int to) {
        char first = text.charAt(from);
        if (first != 'w' && first != 'm') {
            return from;
        }
        int start = from;
        for (int i = 0; i < HOST_PREFIXES.size(); i++) {
            String prefix = HOST_PREFIXES.get(i);
            if (text.startsWith(prefix, start)) {
                int dot = text.indexOf('.', start + prefix.length());
                if (dot >= 0 && dot < to) {
                    start += prefix.length();
                    i = -1;
                }
            }
        }
        return start;
    }

    private static int plainPath(String text, int from, int to) {
        int end = to;
        while (end > from + 1) {
            if (text.charAt(end - 1) == '/') {
                end--;
                continue;
            }
            int name = text.lastIndexOf('/', end - 1) + 1;
            if (!isIndex(text, name, end)) {
                break;
            }
            end = name;
        }
        return end;
    }

    private static boolean isIndex(String text, int from, int to) {
        char first = text.charAt(from);
        if (to - from > LONGEST_INDEX || (first != 'i' && first != 'I' && first != 'd' && first != 'D')) {
            return false;
        }
        String name = text.substring(from, to).toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return dot > 0
                && INDEX_NAMES.contains(name.substring(0, dot))
                && INDEX_ENDINGS.contains(name.substring(dot + 1));
    }

    /** Returns true if a parameter of the query is a tracker or is empty. */
    private static boolean isTracked(WebAddress address) {
        String text = address.text();
        for (int start = address.pathEnd() + 1; start <= text.length(); ) {
            int end = endOfParameter(text, start);
            if (isTracker(address, start, end)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static void appendUntracked(WebAddress address, StringBuilder to) {
        String text = address.text();
        char separator = '?';
        for (int start = address.pathEnd() + 1; start <= text.length(); ) {
            int end = endOfParameter(text, start);
            if (!isTracker(address, start, end)) {
                to.append(separator).append(text.substring(start, end));
                separator = '&';
            }
            start = end + 1;
        }
    }

    private static int endOfParameter(String text, int start) {
        int end = text.indexOf('&', start);
        return end < 0 ? text.length() : end;
    }

    /** Returns true for a parameter that does not select a page, and for an empty one. */
    private static boolean isTracker(WebAddress address, int start, int end) {
        String text = address.text();
        if (start == end) {
            return true;
        }
        for (String prefix : TRACKER_PREFIXES) {
            if (text.regionMatches(true, start, prefix, 0, prefix.length())) {
                return true;
            }
        }
        int nameEnd = start;
        while (nameEnd < end && text.charAt(nameEnd) != '=') {
            nameEnd++;
        }
        if (!MAY_BE_TRACKER[place(text, start, nameEnd, MAY_BE_TRACKER.length)]) {
            return false;
        }
        String name = text.substring(start, nameEnd).toLowerCase(Locale.ROOT);
        return TRACKERS.contains(name)
                || TRACKERS_BY_PLAIN_HOST
                        .getOrDefault(text.substring(address.plainHostStart(), address.hostEnd()), Set.of())
                        .contains(name);
    }
}
