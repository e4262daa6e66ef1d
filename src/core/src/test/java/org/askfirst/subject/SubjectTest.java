package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.scheme.CheckDigits;
import org.askfirst.subject.internal.text.Refusal;
import org.junit.jupiter.api.Test;

class SubjectTest {
    @Test
    void theExampleOfEverySchemeIsCanonicalAndDeclarable() {
        for (SubjectScheme scheme : SubjectScheme.values()) {
            Subject subject = Subject.parse(scheme.example());
            assertEquals(scheme.example(), subject.canonical());
            assertEquals(scheme, subject.scheme());
            assertEquals(scheme.wireName() + ":" + subject.value(), subject.canonical());
            subject.requireDeclarable();
        }
    }

    @Test
    void whatReachesWorksOfOthersNeedsControl() {
        assertEquals(
                EnumSet.of(
                        SubjectScheme.UNDER,
                        SubjectScheme.DOMAIN,
                        SubjectScheme.ISBN_PREFIX,
                        SubjectScheme.ISRC_REGISTRANT,
                        SubjectScheme.DOI_PREFIX,
                        SubjectScheme.UCI_PREFIX,
                        SubjectScheme.ISNI,
                        SubjectScheme.IPI),
                EnumSet.copyOf(Arrays.stream(SubjectScheme.values())
                        .filter(SubjectScheme::needsControl)
                        .toList()));
    }

    /** Tests published examples, from the pages of each standard or agency. */
    @Test
    void checkDigitsOfTheStandards() {
        for (String right : List.of(
                "isbn:978-0-306-40615-7",
                "isbn:0-306-40615-2",
                "isbn:0-8044-2957-X",
                "issn:0378-5955",
                "issn:2434-561X",
                "ismn:979-0-2600-0043-8",
                "iswc:T-034.524.680-1",
                "iswc:T-000.000.001-0",
                "eidr:10.5240/5A58-58D4-01CB-C41D-6902-K",
                "eidr:10.5240/7791-8534-2C23-9030-8610-5",
                "isan:0000-0000-3A8D-0000-Z-0000-0000-6",
                "isan:0000-0001-8947-0000-8-0000-0000-D",
                "grid:A1-2425G-ABC1234002-M",
                "gtin:036000291452",
                "gtin:96385074",
                "isni:0000 0001 2103 2683",
                "isni:0000-0002-1694-233X",
                "ipi:00014107338")) {
            Subject.parse(right);
        }
    }

    /** Changes each digit of each example. A check digit of the standard detects every such change. */
    @Test
    void everySingleWrongDigitIsFound() {
        for (String right : List.of(
                "isbn:9780306406157",
                "isbn:0306406152",
                "issn:03785955",
                "ismn:9790230671187",
                "gtin:08801234567893",
                "isni:0000000121032683",
                "work:041061050r3gg28a1c60a")) {
            for (int i = right.indexOf(':') + 1; i < right.length(); i++) {
                for (char c = '0'; c <= '9'; c++) {
                    String wrong = right.substring(0, i) + c + right.substring(i + 1);
                    if (c != right.charAt(i)) {
                        assertThrows(ProblemException.class, () -> Subject.parse(wrong), wrong);
                    }
                }
            }
        }
    }

    @Test
    void oneBookHasOneSubject() {
        Subject book = Subject.parse("isbn:9788936434120");
        for (String spelling : List.of(
                "isbn:978-89-364-3412-0",
                "ISBN: 978 89 364 3412 0",
                "isbn:89-364-3412-8",
                "isbn:urn:isbn:9788936434120",
                "isbn:ISBN-13 9788936434120",
                "isbn:ISBN-10: 8936434128",
                "isbn:\uFF19\uFF17\uFF18\uFF0D\uFF18\uFF19\uFF13\uFF16\uFF14\uFF13\uFF14\uFF11\uFF12\uFF10",
                "isbn:978\u201089\u2011364\u20123412\u20130",
                "isbn:\u200F978\u200B89364\u00A03412 0\u200E",
                "isbn:\u0669\u0667\u0668\u0668\u0669\u0663\u0666\u0664\u0663\u0664\u0661\u0662\u0660",
                "gtin:9788936434120",
                "gtin:09788936434120",
                "doi:10.978.8936434/120")) {
            assertEquals(book, Subject.parse(spelling), spelling);
            assertEquals(book.key(), Subject.parse(spelling).key(), spelling);
        }
    }

    @Test
    void zerosThatASpreadsheetTookAwayComeBack() {
        assertEquals(Subject.parse("isbn:0439023483"), Subject.parse("isbn:439023483"));
    }

    @Test
    void refusesEightDigitsThatFitTwoSchemes() {
        // The first number that is valid as an ISSN and as a GTIN-8.
        String both = IntStream.range(1_000_000, 2_000_000)
                .mapToObj(String::valueOf)
                .filter(body -> CheckDigits.gs1(body) == CheckDigits.modulo11(body))
                .map(body -> body + CheckDigits.gs1(body))
                .findFirst()
                .orElseThrow();
        ProblemException refusal = assertThrows(ProblemException.class, () -> Subject.recognise(both));
        assertTrue(refusal.detail().startsWith(Refusal.AMBIGUOUS.lead()), refusal.detail());
        assertEquals(
                SubjectScheme.ISSN,
                Subject.recognise(both.substring(0, 4) + "-" + both.substring(4))
                        .scheme());
    }

    /** Found by the fuzz run: an invisible character separated a letter and its accent until it was dropped. */
    @Test
    void whatBecomesNeighboursIsComposed() {
        Subject subject = Subject.parse("kcc:C\u202E\u0301-2023");
        assertEquals("kcc:\u0106-2023", subject.canonical());
        assertEquals(subject, Subject.parse(subject.canonical()));
    }

    @Test
    void longInputsAreRefusedAndNotRepeated() {
        for (String input : List.of(
                "url:https://example.com/" + "a".repeat(9_000),
                "url:https://example.com/" + "%25".repeat(20_000),
                "url:https://" + "a.".repeat(200) + "com/",
                "url:https://" + "\uFDFA".repeat(300) + ".com/",
                "doi:10.1000/" + "x".repeat(1_500),
                "isbn:" + "9".repeat(5_000),
                "kcc:" + "9".repeat(300),
                "x".repeat(100_000))) {
            ProblemException refusal = assertThrows(ProblemException.class, () -> Subject.parse(input));
            assertTrue(refusal.detail().length() < 300, refusal.detail());
        }
    }

    @Test
    void aLongestAddressIsStillItsOwnCanonicalForm() {
        String path = "\uAC00".repeat(900);
        Subject subject = Subject.parse("url:https://example.com/" + path);
        assertEquals(subject, Subject.parse(subject.canonical()));
    }

    @Test
    void keysAreOrderedAsTheirBytes() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            byte[] one = new byte[SubjectKey.BYTES];
            byte[] other = new byte[SubjectKey.BYTES];
            random.nextBytes(one);
            random.nextBytes(other);
            System.arraycopy(one, 0, other, 0, random.nextInt(SubjectKey.BYTES));
            assertEquals(
                    Integer.signum(Arrays.compareUnsigned(one, other)),
                    Integer.signum(SubjectKey.of(one).compareTo(SubjectKey.of(other))));
            assertEquals(SubjectKey.of(one), SubjectKey.fromHex(HexFormat.of().formatHex(one)));
            assertEquals(HexFormat.of().formatHex(one), SubjectKey.of(one).hex());
        }
        assertThrows(IllegalArgumentException.class, () -> SubjectKey.of(new byte[31]));
    }

    @Test
    void everyExchangeInAWorkIdIsFound() {
        SplittableRandom random = new SplittableRandom(4);
        for (int run = 0; run < 200; run++) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            String id = Subject.ofWork(bytes).canonical();
            assertEquals(id, Subject.parse(id).canonical());
            for (int i = 5; i < id.length(); i++) {
                for (int j = i + 1; j < id.length(); j++) {
                    StringBuilder exchanged = new StringBuilder(id);
                    exchanged.setCharAt(i, id.charAt(j));
                    exchanged.setCharAt(j, id.charAt(i));
                    if (!exchanged.toString().equals(id)) {
                        assertThrows(ProblemException.class, () -> Subject.parse(exchanged.toString()));
                    }
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Subject.ofWork(new byte[12]));
    }

    @Test
    void specificityOrdersBands() {
        Expansion expansion = Subject.parse("url:https://a.example.com/x/y?q").expand();
        List<Integer> expected = List.of(4000, 3998, 2002, 2001, 2000, 1001, 1000);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), expansion.specificity(i));
        }
        assertEquals(100, Subject.parse("isni:0000000121032683").expand().specificity(0));
    }

    @Test
    void aLinkToADoiHasNoSitePrefilter() {
        assertTrue(
                Subject.parse("url:https://doi.org/10.1000/182").sitePrefilter().isEmpty());
        assertFalse(Subject.parse("url:https://doi.org/about").sitePrefilter().isEmpty());
        assertTrue(Subject.parse("isbn:9788936434120").sitePrefilter().isEmpty());
    }

    @Test
    void equalityIsThatOfTheCanonicalString() {
        Subject one = Subject.parse("url:http://example.com");
        assertEquals(one, Subject.parse("url:https://EXAMPLE.com/"));
        assertEquals(one.hashCode(), Subject.parse("url:https://EXAMPLE.com/").hashCode());
        assertNotEquals(one, Subject.parse("under:https://example.com/"));
        assertTrue(one.compareTo(Subject.parse("under:https://example.com/")) > 0);
    }
}
