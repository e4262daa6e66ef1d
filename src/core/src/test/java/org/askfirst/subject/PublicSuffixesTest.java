package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crawlercommons.domains.EffectiveTldFinder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.web.InternationalNames;
import org.askfirst.subject.internal.web.SuffixList;
import org.junit.jupiter.api.Test;

class PublicSuffixesTest {
    private static final PublicSuffixes BUNDLED = PublicSuffixes.bundled();
    private static final SuffixList LIST = SuffixList.bundled();

    @Test
    void theListIsPinned() {
        assertEquals("2025-11-27 d3567de748c6", BUNDLED.version());
    }

    /** Tests the examples of publicsuffix.org's format page and test data, and Korean ones. */
    @Test
    void findsRegistrableDomains() {
        for (List<String> example : List.of(
                List.of("example.com", "example.com"),
                List.of("a.b.example.com", "example.com"),
                List.of("com", ""),
                List.of("co.kr", ""),
                List.of("example.co.kr", "example.co.kr"),
                List.of("www.example.co.kr", "example.co.kr"),
                List.of("github.io", ""),
                List.of("somebody.github.io", "somebody.github.io"),
                List.of("x.somebody.github.io", "somebody.github.io"),
                List.of("ck", ""),
                List.of("test.ck", ""),
                List.of("b.test.ck", "b.test.ck"),
                List.of("www.ck", "www.ck"),
                List.of("www.www.ck", "www.ck"),
                List.of("c.kobe.jp", ""),
                List.of("b.c.kobe.jp", "b.c.kobe.jp"),
                List.of("a.b.c.kobe.jp", "b.c.kobe.jp"),
                List.of("city.kobe.jp", "city.kobe.jp"),
                List.of("www.city.kobe.jp", "city.kobe.jp"),
                List.of("xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
                List.of("xn--55qx5d.cn", ""),
                List.of("localhost", ""),
                List.of("a.unlisted", "a.unlisted"),
                List.of("b.a.unlisted", "a.unlisted"))) {
            assertEquals(example.get(1), registrable(LIST, example.get(0)), example.get(0));
        }
    }

    /**
     * Compares with the finder of the library, which is slower and has the same rules: every rule, and two labels below
     * each.
     */
    @Test
    void agreesWithTheFinderOfCrawlerCommonsOnEveryRule() throws IOException {
        int compared = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                EffectiveTldFinder.class.getResourceAsStream("/effective_tld_names.dat"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("//")) {
                    continue;
                }
                String rule = InternationalNames.toAscii(line.strip().replaceFirst("^!|^\\*\\.", ""));
                for (String host : List.of("a." + rule, "b.a." + rule, "c.b.a." + rule)) {
                    String theirs = EffectiveTldFinder.getAssignedDomain(host, true, false);
                    assertEquals(theirs == null ? "" : theirs, registrable(LIST, host), host);
                    compared++;
                }
            }
        }
        assertTrue(compared > 25_000, "compared only " + compared);
    }

    @Test
    void anIpAddressIsNoSuffix() {
        assertFalse(BUNDLED.isPublicSuffix("1.2.3.4"));
        assertFalse(BUNDLED.isPublicSuffix("[::1]"));
        assertTrue(BUNDLED.isPublicSuffix("co.kr"));
    }

    /** Tests docs/adr/0013: a declaration on a host that has become a suffix no longer reaches the host's tenants. */
    @Test
    void whenASuffixAppearsItsTenantsAreReleased() {
        SuffixList before = list("com");
        SuffixList after = list("com", "blogs.com");
        Subject declared = Subject.parse("domain:blogs.com");
        Subject tenant = Subject.parse("url:https://poet.blogs.com/poems/1");
        assertTrue(reaches(declared, tenant, before));
        assertFalse(reaches(declared, tenant, after));
        declared.requireDeclarable(before);
        assertThrows(ProblemException.class, () -> declared.requireDeclarable(after));
        // The tenant's own declarations are unaffected, and so is the host's declaration on its own addresses.
        assertTrue(reaches(Subject.parse("domain:poet.blogs.com"), tenant, before));
        assertTrue(reaches(Subject.parse("domain:poet.blogs.com"), tenant, after));
        assertTrue(reaches(Subject.parse("under:https://blogs.com/"), Subject.parse("url:https://blogs.com/x"), after));
    }

    @Test
    void whenASuffixGoesNothingIsLost() {
        SuffixList before = list("com", "blogs.com");
        SuffixList after = list("com");
        Subject tenant = Subject.parse("url:https://poet.blogs.com/poems/1");
        for (String declared : List.of("domain:poet.blogs.com", "under:https://poet.blogs.com/poems/")) {
            assertTrue(reaches(Subject.parse(declared), tenant, before), declared);
            assertTrue(reaches(Subject.parse(declared), tenant, after), declared);
        }
    }

    /** The reason to rebuild an index when the version of the list differs. */
    @Test
    void theSitePrefilterFollowsTheList() {
        Subject tenant = Subject.parse("url:https://poet.blogs.com/poems/1");
        assertEquals(
                SitePrefilter.stored(Subject.parse("domain:poet.blogs.com"), list("com", "blogs.com")),
                SitePrefilter.stored(tenant, list("com", "blogs.com")));
        assertEquals(
                SitePrefilter.stored(Subject.parse("domain:blogs.com"), list("com")),
                SitePrefilter.stored(tenant, list("com")));
        assertFalse(SitePrefilter.stored(tenant, list("com"))
                .equals(SitePrefilter.stored(tenant, list("com", "blogs.com"))));
    }

    private static boolean reaches(Subject declared, Subject asked, SuffixList suffixes) {
        Expansion expansion = Expansion.of(asked, suffixes);
        return IntStream.range(0, expansion.size())
                .anyMatch(i -> expansion.key(i).equals(declared.key()));
    }

    private static SuffixList list(String... rules) {
        try {
            return SuffixList.read(new StringReader(String.join("\n", rules)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String registrable(SuffixList suffixes, String host) {
        int start = suffixes.registrable(host, 0, host.length());
        return start < 0 ? "" : host.substring(start);
    }
}
