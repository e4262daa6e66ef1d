package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.WebAddress;
import org.junit.jupiter.api.Test;

/**
 * Properties of random addresses from a seed: every declared rule is found, and none reaches another registrable
 * domain.
 */
class AddressPropertiesTest {
    private static final int RUNS = 20_000;
    private static final Pattern PLAIN_PREFIX = Pattern.compile("^(?:(?:www|m|mobile)\\.(?=[^.]+\\.))+");
    private static final List<String> PREFIXES = List.of("", "www.", "m.", "mobile.", "www.m.");
    private static final List<String> ENDS = List.of("", "/", "/index.html", "/Default.aspx", "/index.php/");
    private static final List<String> TRACKED = List.of("", "?utm_source=x", "?fbclid=1&&gclid=2", "?%75tm_id=3#x");
    private static final List<String> SUFFIXES =
            List.of("com", "co.kr", "kr", "github.io", "uk.com", "kobe.jp", "ck", "unlisted", "xn--3e0b707e");
    private static final List<String> LABELS = List.of("a", "www", "art", "한글", "xn--bj0bj06e", "ß", "B-2", "x_y", "９");
    private static final List<String> SEGMENTS = List.of(
            "a",
            "작품",
            "%EC%9E%91%ED%92%88",
            "b c",
            "x%2Fy",
            "%252e",
            "index.html",
            "~u",
            "%41",
            "é",
            "e\u0301",
            "..",
            ".",
            "",
            "q%3F",
            "%ff",
            "%5C");

    private final SplittableRandom random = new SplittableRandom(20261122);

    @Test
    void everyAddressBelowADeclaredDirectoryExpandsToItsKey() {
        for (int run = 0; run < RUNS; run++) {
            String directory = "https://" + host() + path(random.nextInt(6)) + "/";
            Subject declared = Subject.parse("under:" + directory);
            declared.requireDeclarable();
            // The part below the directory does not leave it again; only the directory has dots.
            String below = below(random.nextInt(12));
            Subject asked = Subject.parse("url:" + directory.replace("https", scheme()) + below + query());
            assertTrue(keys(asked).contains(declared.key()), () -> declared + " misses " + asked);
        }
    }

    @Test
    void everyAddressOfADeclaredDomainExpandsToItsKey() {
        for (int run = 0; run < RUNS; run++) {
            Subject declared = Subject.parse("domain:" + label() + "." + registrable());
            declared.requireDeclarable();
            String host = declared.value();
            for (int i = random.nextInt(20); i > 0; i--) {
                host = label() + "." + host;
            }
            Subject asked = Subject.parse("url:" + scheme() + "://" + host + path(random.nextInt(4)) + query());
            String of = host;
            assertTrue(keys(asked).contains(declared.key()), () -> declared + " misses " + of);
        }
    }

    @Test
    void anAddressDeclaredWithoutAQueryReachesEveryQueryOfIt() {
        for (int run = 0; run < RUNS; run++) {
            String address = "https://" + host() + path(random.nextInt(6));
            Subject declared = Subject.parse("url:" + address);
            Subject asked = Subject.parse("url:" + address + query());
            assertTrue(keys(asked).contains(declared.key()), () -> declared + " misses " + asked);
        }
    }

    @Test
    void aDeclaredAddressIsFoundInEveryOtherSpelling() {
        for (int run = 0; run < RUNS; run++) {
            String host = label() + "." + registrable();
            String rest = path(random.nextInt(4));
            Subject declared =
                    Subject.parse("url:https://" + pick(PREFIXES) + host + rest + pick(ENDS) + pick(TRACKED));
            Subject asked = Subject.parse("url:http://" + pick(PREFIXES) + host + rest + pick(ENDS) + pick(TRACKED));
            Set<SubjectKey> stored =
                    declared.indexedAs().stream().map(Subject::key).collect(Collectors.toSet());
            stored.retainAll(keys(asked));
            assertFalse(stored.isEmpty(), () -> declared + " misses " + asked);
        }
    }

    @Test
    void controlOfOneHostIsNoControlOfAnotherSpelling() {
        Expansion expansion = Subject.parse("url:https://www.example.com/a/").expand();
        assertEquals("url:https://example.com/a", expansion.canonical(1));
        for (int i = 0; i < expansion.size(); i++) {
            assertEquals(
                    i == 1 || expansion.canonical(i).equals("domain:example.com"),
                    expansion.contains(i, 1),
                    "entry " + i);
        }
    }

    @Test
    void noExpansionCrossesARegistrableDomain() {
        for (int run = 0; run < RUNS; run++) {
            Subject asked = Subject.parse("url:https://" + host() + path(random.nextInt(6)) + query());
            String host = WebAddress.of(asked.canonical()).host();
            int start = SuffixList.bundled().registrable(host, 0, host.length());
            String registrable = start < 0 ? host : host.substring(start);
            Expansion expansion = asked.expand();
            for (int i = 0; i < expansion.size(); i++) {
                int at = i;
                Subject one = Subject.parse(expansion.canonical(i));
                if (one.scheme() == SubjectScheme.ACCOUNT) {
                    continue;
                }
                String reached = one.scheme() == SubjectScheme.DOMAIN
                        ? one.value()
                        : WebAddress.of(one.canonical()).host();
                assertTrue(
                        (expansion.isOtherSpelling(at)
                                        && PLAIN_PREFIX
                                                .matcher(host)
                                                .replaceFirst("")
                                                .equals(reached))
                                || reached.equals(registrable)
                                || reached.endsWith("." + registrable),
                        () -> asked + " crosses to " + one);
                assertTrue(one.scheme() != SubjectScheme.UNDER || reached.equals(host), "a directory of another host");
            }
        }
    }

    @Test
    void schemeUserPortFragmentAndCaseOfTheHostAreNoPartOfTheKey() {
        for (int run = 0; run < RUNS; run++) {
            String host = host();
            String rest = path(random.nextInt(5)) + query();
            Subject plain = Subject.parse("url:https://" + host + rest);
            Subject withNoise = Subject.parse("url:\t" + scheme() + "://u:p@" + withNoise(host) + ":81" + rest + "#f ");
            assertEquals(plain, withNoise);
            assertEquals(plain.key(), withNoise.key());
        }
    }

    @Test
    void theSitePrefilterOfADeclaredRuleIsThatOfAllItReaches() {
        for (int run = 0; run < RUNS; run++) {
            Subject asked = Subject.parse("url:https://" + host() + path(random.nextInt(4)));
            Expansion expansion = asked.expand();
            Set<SubjectKey> prefilters =
                    new HashSet<>(Set.of(asked.storedSitePrefilter().orElseThrow()));
            for (int i = 0; i < expansion.size(); i++) {
                Subject.parse(expansion.canonical(i)).storedSitePrefilter().ifPresent(prefilters::add);
            }
            assertEquals(1, prefilters.size(), () -> "several site prefilters for " + expansion);
        }
    }

    private static String withNoise(String host) {
        return host.startsWith("[") ? host.toUpperCase(Locale.ROOT) : host.replace('a', 'A') + ".";
    }

    private String host() {
        return switch (random.nextInt(8)) {
            case 0 -> "8.8.0." + random.nextInt(256);
            case 1 -> "[2400:cb00::" + Integer.toHexString(random.nextInt(65536)) + "]";
            case 2 -> "github.io";
            default -> subdomains() + registrable();
        };
    }

    private String subdomains() {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> label() + ".")
                .collect(Collectors.joining());
    }

    private String registrable() {
        return label() + "." + pick(SUFFIXES).replace("ck", "x.ck").replace("kobe.jp", "x.kobe.jp");
    }

    private String label() {
        return pick(LABELS);
    }

    private String path(int segments) {
        return IntStream.range(0, segments).mapToObj(i -> "/" + pick(SEGMENTS)).collect(Collectors.joining());
    }

    private String below(int segments) {
        List<String> below = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            String segment = pick(SEGMENTS);
            below.add(segment.startsWith("..") || segment.equals("%252e") ? "d" : segment);
        }
        return String.join("/", below);
    }

    private String query() {
        return random.nextBoolean() ? "" : "?" + pick(SEGMENTS) + "=" + pick(SEGMENTS);
    }

    private String scheme() {
        return pick(List.of("http", "https", "HTTPS", "ftp", "ws"));
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Set<SubjectKey> keys(Subject subject) {
        Expansion expansion = subject.expand();
        return IntStream.range(0, expansion.size()).mapToObj(expansion::key).collect(Collectors.toSet());
    }
}
