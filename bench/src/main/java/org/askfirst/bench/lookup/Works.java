package org.askfirst.bench.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As many works as one likes, each a function of its number: addresses made of real ones, and identifiers.
 *
 * <p>Ten works are six addresses, two books (ISBN), a file (SHA-256) and a paper (DOI). A site has fifty declared
 * addresses. A question is about a declared work in one case of ten. A quarter of the addresses that are not declared is
 * on a site that has declared ones, so that its gate is open; the rest is on sites without any.
 */
final class Works {
    private static final int OF_TEN_URLS = 6;
    private static final int OF_TEN_BOOKS = 2;
    private static final int PAGES_PER_SITE = 50;
    private static final long FAR = 1L << 40;
    private static final long ISBNS = 1_000_000_000L;
    private static final long STEP = 387_420_489L;
    private static final Pattern ADDRESS =
            Pattern.compile("https?://([a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,})(/[^?#]*)?(\\?[^#]*)?(?:#.*)?");

    private final List<String> hosts;
    private final List<String> paths = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();
    private final int left;

    private Works(List<String> urls) {
        Map<String, Boolean> distinct = new LinkedHashMap<>();
        int odd = 0;
        for (String url : urls) {
            Matcher address = ADDRESS.matcher(url.strip());
            // What JSON would have to escape is left out, so that clients can paste texts together.
            if (!address.matches() || url.indexOf('"') >= 0 || url.indexOf('\\') >= 0) {
                odd++;
                continue;
            }
            distinct.put(address.group(1), true);
            paths.add(address.group(2) == null ? "" : address.group(2));
            queries.add(address.group(3) == null ? "" : address.group(3));
        }
        hosts = List.copyOf(distinct.keySet());
        left = odd;
    }

    static Works of(Path urls) throws IOException {
        return new Works(Files.readAllLines(urls));
    }

    /** The input that they are generated from. */
    @Override
    public String toString() {
        return paths.size() + " real addresses on " + hosts.size() + " hosts (" + left + " odd ones are left out)";
    }

    /** The declared work of that number. */
    String declared(long number) {
        int kind = (int) (number % 10);
        long round = number / 10;
        if (kind < OF_TEN_URLS) {
            long page = round * OF_TEN_URLS + kind;
            return url(page / PAGES_PER_SITE, page);
        }
        return kind < OF_TEN_URLS + OF_TEN_BOOKS ? isbn(round * OF_TEN_BOOKS + kind - OF_TEN_URLS) : other(kind, round);
    }

    private static String other(int kind, long number) {
        return kind == 8 ? file(number) : doi(number);
    }

    /**
     * A question.
     *
     * @param number two questions of one number are equal
     * @param declared the number of declared works
     * @param urlsAlone makes every question one about an address
     */
    String asked(long number, long declared, boolean urlsAlone) {
        long chance = mix(number * 3);
        long which = mix(number * 3 + 1) >>> 1;
        boolean hit = Long.remainderUnsigned(chance, 10) == 0;
        if (hit) {
            long work = which % declared;
            return declared(urlsAlone ? work / 10 * 10 + work % OF_TEN_URLS : work);
        }
        int kind = urlsAlone ? 0 : (int) Long.remainderUnsigned(chance >>> 8, 10);
        if (kind < OF_TEN_URLS) {
            long page = FAR + which % FAR;
            boolean siteIsKnown = (chance >>> 20 & 3) == 0;
            return url(siteIsKnown ? which % sites(declared) : FAR + which % FAR, page);
        }
        return kind < OF_TEN_URLS + OF_TEN_BOOKS ? isbn(ISBNS / 2 + which % (ISBNS / 2)) : other(kind, FAR + which % FAR);
    }

    /** Says whether that question is about a declared work. */
    static boolean isHit(long number) {
        return Long.remainderUnsigned(mix(number * 3), 10) == 0;
    }

    private static long sites(long declared) {
        return Math.max(1, declared / 10 * OF_TEN_URLS / PAGES_PER_SITE);
    }

    private String url(long site, long page) {
        String host = hosts.get((int) (site % hosts.size()));
        long copy = site / hosts.size();
        int shape = (int) (page * 7919 % paths.size());
        StringBuilder url = new StringBuilder("url:https://");
        if (copy == 0) {
            url.append(host);
        } else {
            int dot = host.lastIndexOf('.');
            url.append(host, 0, dot).append('-').append(Long.toString(copy, 36)).append(host, dot, host.length());
        }
        String path = paths.get(shape);
        url.append(path).append(path.endsWith("/") ? "" : "/").append(Long.toString(page, 36));
        return url.append(queries.get(shape)).toString();
    }

    private static String isbn(long number) {
        long digits = Math.floorMod(number % ISBNS * STEP + 5_550_123, ISBNS);
        StringBuilder isbn = new StringBuilder("978");
        String nine = Long.toString(digits);
        isbn.append("0".repeat(9 - nine.length())).append(nine);
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (isbn.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return "isbn:" + isbn.append((10 - sum % 10) % 10);
    }

    private static String file(long number) {
        StringBuilder hex = new StringBuilder("sha256:");
        for (int i = 0; i < 4; i++) {
            hex.append(HexFormat.of().toHexDigits(mix(number * 4 + i)));
        }
        return hex.toString();
    }

    private static String doi(long number) {
        return "doi:10." + (1000 + number / 2000 % 60_000) + "/journal." + Long.toString(number, 36);
    }

    /** A number that looks like chance (SplitMix64). */
    static long mix(long number) {
        long z = number * 0x9e3779b97f4a7c15L + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
