package org.askfirst.subject;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.OthersVectors.Comparison;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.web.Hosts;
import org.junit.jupiter.api.Test;

/**
 * The address vectors of Safe Browsing, urlcanon and the web platform. If their output follows our rules (Safe
 * Browsing), it is compared byte by byte. If it follows other rules, addresses that are equal for them must be equal
 * for us, and we must refuse what they refuse.
 */
class OthersUrlVectorsTest {
    private static final String REFUSED = "refused";
    private static final Pattern WEB_SCHEME = Pattern.compile("(?i)(?:https?|wss?|ftp)://?.*", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-f]{2}");

    @Test
    void safeBrowsingCanonicalUrls() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#canonicalUrl");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("canonicalUrl")) {
            String input = vector.path("in").isTextual()
                    ? vector.path("in").asText()
                    : ofBytes(vector.path("in").path("bytes_hex").asText());
            // Their function drops queries and writes escapes in lower case.
            String ours = address(input);
            int query = ours.indexOf('?');
            comparison.compare(
                    input,
                    vector.path("fails").asBoolean()
                            ? REFUSED
                            : addressOf(vector.path("out").asText()),
                    query < 0 ? ours : ours.substring(0, query));
        }
        comparison.finish(50);
    }

    @Test
    void safeBrowsingHosts() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#canonicalHost");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("canonicalHost")) {
            String input = vector.path("in").asText();
            comparison.compare(
                    input,
                    vector.path("fails").asBoolean()
                            ? REFUSED
                            : vector.path("out").asText(),
                    host(input));
        }
        comparison.finish(10);
    }

    @Test
    void safeBrowsingPaths() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#canonicalPath");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("canonicalPath")) {
            String input = vector.path("in").asText();
            comparison.compare(
                    input,
                    vector.path("fails").asBoolean()
                            ? REFUSED
                            : vector.path("out").asText(),
                    path(input));
        }
        comparison.finish(9);
    }

    @Test
    void safeBrowsingIpAddresses() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#ipAddress");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("ipAddress")) {
            String input = vector.path("in").asText();
            comparison.compare(input, vector.path("out").asText(), ipAddress(input));
        }
        comparison.finish(11);
    }

    @Test
    void everySafeBrowsingPatternIsReached() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#patterns");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("patterns")) {
            String input = vector.path("in").asText();
            String url = input.contains("://") ? input : "http://" + input;
            Set<String> ours = expansion(url);
            String ownHost = host(url);
            Set<String> missing = new TreeSet<>();
            for (JsonNode pattern : vector.path("out")) {
                // On the host itself, their paths are our addresses and directories. Above it, one domain covers all
                // paths.
                String text = pattern.asText();
                String host = text.substring(0, text.indexOf('/'));
                boolean isReached = host.equals(ownHost)
                        ? ours.contains("url:https://" + text) || ours.contains("under:https://" + text)
                        : ours.contains("domain:" + host);
                if (!isReached) {
                    missing.add(text);
                }
            }
            comparison.compare(input, "[]", missing.toString());
        }
        comparison.finish(13);
    }

    @Test
    void everySafeBrowsingLookupPathIsReached() throws IOException {
        Comparison comparison = new Comparison("safebrowsing.json#lookupPaths");
        for (JsonNode vector : OthersVectors.read("safebrowsing.json").path("lookupPaths")) {
            String input = vector.path("in").asText();
            Set<String> ours = expansion(input);
            Set<String> missing = new TreeSet<>();
            for (JsonNode path : vector.path("out")) {
                String address = "https://" + host(input) + path.asText();
                if (!ours.contains("url:" + address) && !ours.contains("under:" + address)) {
                    missing.add(path.asText());
                }
            }
            comparison.compare(input, "[]", missing.toString());
        }
        comparison.finish(3);
    }

    @Test
    void funkyIpAddresses() throws IOException {
        Comparison comparison = new Comparison("urlcanon-funky_ipv4.json");
        for (Map.Entry<String, JsonNode> vector :
                OthersVectors.read("urlcanon-funky_ipv4.json").properties()) {
            comparison.compare(
                    vector.getKey(),
                    vector.getValue().isNull() ? "" : vector.getValue().asText(),
                    ipAddress(vector.getKey()));
        }
        comparison.finish(47);
    }

    @Test
    void canonicalisingTwiceChangesNothing() throws IOException {
        Comparison comparison = new Comparison("urlcanon-idempotence.json");
        for (JsonNode vector : OthersVectors.read("urlcanon-idempotence.json")) {
            String once = address(vector.asText());
            comparison.compare(vector.asText(), once, once.equals(REFUSED) ? once : address(once));
        }
        comparison.finish(43);
    }

    @Test
    void partsOfAnAddress() throws IOException {
        Comparison comparison = new Comparison("urlcanon-parsing.json");
        for (Map.Entry<String, JsonNode> vector :
                OthersVectors.read("urlcanon-parsing.json").properties()) {
            JsonNode parts = vector.getValue();
            boolean isWeb = Set.of("http", "https", "ftp")
                    .contains(parts.path("scheme").asText().toLowerCase(Locale.ROOT));
            if (isWeb && !parts.path("host").asText().isEmpty()) {
                String rebuilt = "http://" + parts.path("host").asText()
                        + parts.path("path").asText()
                        + parts.path("question_mark").asText()
                        + parts.path("query").asText();
                comparison.compare(vector.getKey(), address(rebuilt), address(vector.getKey()));
            }
        }
        comparison.finish(40);
    }

    @Test
    void dotsInPaths() throws IOException {
        Comparison comparison = new Comparison("urlcanon-path_dots.json");
        for (Map.Entry<String, JsonNode> vector :
                OthersVectors.read("urlcanon-path_dots.json").path("special").properties()) {
            comparison.compare(
                    vector.getKey(),
                    path("http://example.com" + vector.getValue().asText()),
                    path("http://example.com" + vector.getKey()));
        }
        comparison.finish(300);
    }

    @Test
    void semanticCanonicalisation() throws IOException {
        same("urlcanon-semantic_precise.json", OthersVectors.read("urlcanon-semantic_precise.json"), 60);
    }

    @Test
    void supplementalCanonicalisation() throws IOException {
        same("urlcanon-supplemental_whatwg.json", OthersVectors.read("urlcanon-supplemental_whatwg.json"), 60);
    }

    @Test
    void googleCanonicalisation() throws IOException {
        JsonNode groups = OthersVectors.read("urlcanon-surt.json");
        same("urlcanon-surt.json#google", groups.path("google"), 30);
        same("urlcanon-surt.json#googleSupplementalFromSurt", groups.path("googleSupplementalFromSurt"), 3);
        Comparison comparison = new Comparison("urlcanon-surt.json#unescapeRepeatedly");
        for (Map.Entry<String, JsonNode> vector :
                groups.path("unescapeRepeatedly").properties()) {
            byte[] bytes = vector.getKey().getBytes(StandardCharsets.UTF_8);
            int length = PercentCoding.decode(bytes, 0, bytes.length);
            comparison.compare(
                    vector.getKey(), vector.getValue().asText(), new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
        comparison.finish(8);
    }

    @Test
    void webPlatform() throws IOException {
        Comparison comparison = new Comparison("urlcanon-urltestdata.json");
        for (JsonNode vector : OthersVectors.read("urlcanon-urltestdata.json")) {
            String input = vector.path("input").asText();
            boolean isAbsolute = WEB_SCHEME.matcher(input.strip()).matches() && input.contains("//");
            if (!vector.isObject() || !isAbsolute) {
                continue;
            }
            comparison.compare(
                    input,
                    vector.path("failure").asBoolean()
                            ? REFUSED
                            : address(vector.path("href").asText()),
                    address(input));
        }
        comparison.finish(150);
    }

    private static void same(String file, JsonNode vectors, int atLeast) throws IOException {
        Comparison comparison = new Comparison(file);
        for (Map.Entry<String, JsonNode> vector : vectors.properties()) {
            if (WEB_SCHEME.matcher(vector.getValue().asText()).matches()) {
                comparison.compare(
                        vector.getKey(), address(vector.getValue().asText()), address(ofLatin1(vector.getKey())));
            }
        }
        comparison.finish(atLeast);
    }

    /** Decodes an input: some of theirs are bytes, one character for each. */
    private static String ofLatin1(String input) {
        byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
        boolean isBytes = new String(bytes, StandardCharsets.ISO_8859_1).equals(input)
                && (!new String(bytes, StandardCharsets.UTF_8).contains("\uFFFD")
                        || input.chars().anyMatch(c -> c >= 0x80 && c < 0xA0));
        return isBytes ? ofBytes(HexFormat.of().formatHex(bytes)) : input;
    }

    /** Escapes bytes that are not ASCII, because a subject is text and such bytes arrive percent-escaped. */
    private static String ofBytes(String hex) {
        StringBuilder text = new StringBuilder();
        for (byte b : HexFormat.of().parseHex(hex)) {
            text.append(b < 0 ? String.format(Locale.ROOT, "%%%02X", b) : String.valueOf((char) b));
        }
        return text.toString();
    }

    private static String addressOf(String theirs) {
        return "https"
                + ESCAPE.matcher(theirs.substring(theirs.indexOf(':')))
                        .replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
    }

    private static String address(String input) {
        try {
            return Subject.parse("url:" + input).value();
        } catch (ProblemException e) {
            return REFUSED;
        }
    }

    private static String host(String input) {
        String address = address(input);
        return address.equals(REFUSED) ? REFUSED : address.substring(8, address.indexOf('/', 8));
    }

    private static String path(String input) {
        String address = address(input);
        return address.equals(REFUSED)
                ? REFUSED
                : address.substring(address.indexOf('/', 8)).split("\\?", 2)[0];
    }

    /** Returns the IP address of a host; empty if it is not one. */
    private static String ipAddress(String input) {
        String host = host("http://" + input + "/");
        return !host.equals(REFUSED) && Hosts.isIpAddress(host) ? host : "";
    }

    private static Set<String> expansion(String input) {
        Expansion expansion = Subject.parse("url:" + input).expand();
        return IntStream.range(0, expansion.size())
                .mapToObj(expansion::canonical)
                .collect(Collectors.toSet());
    }
}
