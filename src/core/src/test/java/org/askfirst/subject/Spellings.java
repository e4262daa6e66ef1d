package org.askfirst.subject;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A source of inputs from a seed: real addresses and identifiers, damaged as keyboards, spreadsheets, web pages and
 * attackers damage them, and noise. Equal seeds give equal inputs, so that a failure can be repeated.
 */
final class Spellings {
    private static final List<String> SEEDS = List.of(
            "url:https://user:pw@www.example.co.kr:8080/a/../b//c/%7Euser/x.html?q=1&r=%26#frag",
            "url:http://한글.kr/작품/가나다.png?쿼리=값",
            "url:https://[2001:db8::1:0:0:1%25eth0]:443/x",
            "url:http://[::ffff:1.2.3.4]/",
            "url:0x7f.1/%252e%252e/%25252525252e",
            "url:ftp://EXAMPLE.com\\\\share\\x?",
            "under:https://example.com/art/2024/",
            "under:https://github.io/",
            "domain:*.sub.example.co.uk",
            "domain:faß.de",
            "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
            "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "iscc:ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
            "iscc:GAAW2PRCRS5LNVZV-IAAUVACQKXE3V44W",
            "iscc:fcc0155006d3e228cbab6d73549402a1d4b9baf39",
            "isbn:ISBN-13: 978-89-364-3412-0",
            "isbn:0-306-40615-2",
            "isbn:439023483",
            "issn:0378-5955",
            "ismn:M-2306-7118-7",
            "isrc:KR-A30-15-00123",
            "iswc:T-034.524.680-1",
            "doi:https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O",
            "doi:10.978.8812345/99990",
            "url:https://doi.org/10.5555//a/./b/../c",
            "url:https://hdl.handle.net/doi:10.5555/a&lt;b&amp;gt;c.,",
            "url:https://example.com/novels/**",
            "eidr:10.5240/7791-8534-2C23-9030-8610-5",
            "isan:0000-0000-3A8D-0000-Z-0000-0000-6",
            "grid:A1-2425G-ABC1234002-M",
            "gtin:9770378595002",
            "uci:urn:uci:I001+SBSi-B10000083052:C1-F2",
            "icn: 2022-통합-000123 ",
            "kcc:Ｃ－２０２３－０１２３４５",
            "isbn-prefix:978-89-364",
            "isrc-registrant:KR-A30",
            "doi-prefix:10.1234.5",
            "uci-prefix:I410-ECN",
            "isni:https://isni.org/isni/0000000121032683",
            "ipi:14107338",
            "ipi:I-000000229-7",
            "account:instagram:moon_toon",
            "account:https://m.blog.naver.com/PostView.naver?blogId=haneul&logNo=1",
            "work:0410-6105-0r3g-g28a-1c60-a");

    private static final List<String> INSERTS = List.of(
            "%",
            "%25",
            "%2",
            "%00",
            "%0A",
            "%ED%95%9C",
            "%ff",
            "..",
            "./",
            "//",
            "\\",
            "?",
            "#",
            "@",
            ":",
            "[",
            "]",
            " ",
            "\t",
            "\n",
            "\u0000",
            "\u007F",
            "\u00A0",
            "\u00AD",
            "\u200B",
            "\uFEFF",
            "\u3000",
            "\u3002",
            "\uFF0E",
            "\uFF10",
            "\uFF21",
            "\u0301",
            "\u1100\u1161",
            "\u00DF",
            "\u0130",
            "\u212A",
            "\u2126",
            "\u2100",
            "\uD800",
            "\uDC00",
            "\uD83D\uDE00",
            "-",
            "\u2010",
            "\u2212",
            "X",
            "0",
            "9",
            "xn--",
            "https://",
            ",https://",
            " www.",
            "&lt;",
            "&amp;",
            "/*",
            "$",
            "\u3164",
            "\uFE0F",
            "isbn:",
            "urn:",
            "10.",
            "978",
            "M",
            "\u202E",
            "\uFF05",
            "\uFF1A",
            "\uFF0F");

    private final RandomGenerator random;

    Spellings(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        return switch (random.nextInt(10)) {
            case 0 -> noise(random.nextInt(40));
            case 1 -> pick(SEEDS).replaceFirst(":.*", ":") + noise(random.nextInt(40));
            case 2 -> crossed(pick(SEEDS), pick(SEEDS));
            case 3 -> withoutScheme(damaged(pick(SEEDS), 1 + random.nextInt(3)));
            default -> damaged(pick(SEEDS), random.nextInt(6));
        };
    }

    /** Returns one piece repeated up to the length, an input on which quadratic cost would show. */
    String repeated(int length) {
        String piece = pick(INSERTS) + pick(INSERTS) + (random.nextBoolean() ? pick(INSERTS) : "a");
        String start = random.nextBoolean() ? "url:https://example.com/" : pick(SEEDS);
        return start + piece.repeat(Math.max(1, length / piece.length()));
    }

    private String damaged(String text, int times) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(damaged.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> damaged.insert(at, pick(INSERTS));
                case 1 -> damaged.delete(at, Math.min(at + 1 + random.nextInt(3), damaged.length()));
                case 2 -> damaged.insert(at, (char) random.nextInt(0x80));
                case 3 -> damaged.insert(at, Character.toChars(random.nextInt(0x110000)));
                default -> {
                    if (at < damaged.length()) {
                        damaged.setCharAt(at, Character.toUpperCase(damaged.charAt(at)));
                    }
                }
            }
        }
        return damaged.toString();
    }

    private String crossed(String one, String other) {
        return one.substring(0, random.nextInt(one.length())) + other.substring(random.nextInt(other.length()));
    }

    private static String withoutScheme(String text) {
        return text.substring(text.indexOf(':') + 1);
    }

    private String noise(int length) {
        StringBuilder noise = new StringBuilder();
        int range = random.nextBoolean() ? 0x80 : 0x110000;
        for (int i = 0; i < length; i++) {
            noise.appendCodePoint(random.nextInt(range));
        }
        return noise.toString();
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
