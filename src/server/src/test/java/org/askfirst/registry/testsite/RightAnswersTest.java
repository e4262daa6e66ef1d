package org.askfirst.registry.testsite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The right answers follow from the signals, by the rules of each protocol, written here a second time. */
class RightAnswersTest {
    private static final Pattern PREFERENCE = Pattern.compile("([a-z-]+)=([yn])");
    private static final Pattern CONTENT_SIGNAL = Pattern.compile("(search|ai-input|ai-train)=(yes|no)");
    private static final Pattern LINK = Pattern.compile("https?://[^\"> ]+/rsl/[a-z]+\\.xml");
    private static final List<String> CAUTION = List.of("deny", "ask", "allow");

    /** The answers so far. A use without one is unknown. */
    private final Map<String, String> answers = new TreeMap<>();

    private void add(String use, String answer) {
        for (Use leaf : Use.named(use).orElseThrow().leaves()) {
            answers.merge(leaf.wireName(), answer, (a, b) -> CAUTION.indexOf(a) <= CAUTION.indexOf(b) ? a : b);
        }
    }

    @Test
    void eachRightAnswerFollowsFromTheSignals() throws IOException, InterruptedException {
        try (TestSite site = TestSite.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "", InstantSource.system())) {
            int stated = 0;
            for (SitePlan.Page page : SitePlan.read().pages()) {
                answers.clear();
                String fetch = page.right().getOrDefault("fetch", "");
                for (String protocol : page.signals().stream()
                        .map(SitePlan.Signal::protocol)
                        .distinct()
                        .toList()) {
                    read(protocol, page, site.address(), fetch);
                }
                Optional.ofNullable(page.registry()).orElse(Map.of()).forEach((use, verdict) -> {
                    if (!verdict.equals("unknown")) {
                        add(use, verdict);
                    }
                });
                Map<String, String> expected = new TreeMap<>();
                for (Use use : Use.values()) {
                    if (use.isLeaf()) {
                        expected.put(use.wireName(), answers.getOrDefault(use.wireName(), "unknown"));
                    }
                }
                expected.put("fetch", fetch);
                assertEquals(expected, new TreeMap<>(page.right()), page.path());
                stated += answers.size();
            }
            assertTrue(stated > 100, "answers " + stated);
        }
    }

    private void read(String protocol, SitePlan.Page page, String base, String fetch)
            throws IOException, InterruptedException {
        List<String> texts = page.signals().stream()
                .filter(signal -> signal.protocol().equals(protocol))
                .map(SitePlan.Signal::text)
                .toList();
        switch (protocol) {
            case "robots.txt", "llms.txt" -> {
                // They declare nothing about a use.
            }
            case "IETF AI preferences" -> {
                if (fetch.equals("allow")) {
                    texts.forEach(this::preferences);
                }
            }
            case "Content Signals" -> texts.forEach(this::contentSignals);
            case "TDMRep" -> reservation(texts);
            case "noai" -> texts.forEach(text -> robotsTag(text, page.path()));
            case "X-Robots-Tag" ->
                texts.forEach(text -> {
                    assertTrue(text.contains("noindex"), text);
                    add("search-indexing", "deny");
                });
            case "RSL" -> license(page, base);
            case "ai.txt" ->
                texts.forEach(text -> {
                    assertTrue(page.path().endsWith(text.substring(text.indexOf('*') + 1)), text);
                    add("ai-training", "deny");
                });
            case "IPTC/PLUS" ->
                texts.forEach(text -> {
                    assertTrue(text.endsWith("/DMI-PROHIBITED-AIMLTRAINING"), text);
                    add("ai-training", "deny");
                });
            default -> throw new AssertionError("there is no protocol " + protocol);
        }
    }

    /** A dictionary of RFC 9651 whose values are y and n. A key with a capital letter spoils all of it. */
    private void preferences(String line) {
        String field = line.substring("Content-Usage: ".length()).replaceFirst("^/\\S+\\s+", "");
        for (String member : field.split(",", -1)) {
            if (!member.strip().equals(member.strip().toLowerCase(Locale.ROOT))) {
                return;
            }
        }
        Matcher members = PREFERENCE.matcher(field);
        while (members.find()) {
            String answer = members.group(2).equals("y") ? "allow" : "deny";
            switch (members.group(1)) {
                case "train-ai" -> add("generative-ai-training", answer);
                case "ai-use" -> add("ai-input", answer);
                case "search" -> add("search-indexing", answer);
                default -> throw new AssertionError(line);
            }
        }
    }

    private void contentSignals(String line) {
        Matcher members = CONTENT_SIGNAL.matcher(line.substring(line.lastIndexOf("/")));
        while (members.find()) {
            String use = switch (members.group(1)) {
                case "search" -> "search-indexing";
                case "ai-input" -> "ai-input";
                default -> "ai-training";
            };
            add(use, members.group(2).equals("yes") ? "allow" : "deny");
        }
    }

    /** The last carrier supersedes the earlier ones; the plan lists them in that order. */
    private void reservation(List<String> texts) {
        String answer = "";
        for (String text : texts) {
            if (text.matches(".*tdm-reservation\\W+(content=\")?1\\W*")) {
                answer = "deny";
            } else if (text.matches(".*tdm-reservation\\W+0")) {
                answer = "allow";
            } else if (text.startsWith("tdm-policy: ")) {
                answer = "ask";
            }
        }
        if (!answer.isEmpty()) {
            add("text-and-data-mining", answer);
        }
    }

    private void robotsTag(String text, String path) {
        boolean isForOne = text.matches("X-Robots-Tag: \\w+: .*");
        if (!isForOne && (text.matches(".*\\bnoai\\b.*") || path.endsWith(".png"))) {
            add("ai-training", "deny");
            add("ai-input", "deny");
        }
    }

    /** RSL: no document, no license. A list of permits is complete, a price is a question, a conflict is no license. */
    private void license(SitePlan.Page page, String base) throws IOException, InterruptedException {
        Matcher link = LINK.matcher(page.signals().stream()
                .map(signal -> SitePlan.within(signal.text(), base))
                .filter(text -> text.contains("/rsl/"))
                .findFirst()
                .orElseThrow());
        assertTrue(link.find());
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(link.group())).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            add("text-and-data-mining", "deny");
            add("search-indexing", "deny");
            return;
        }
        assertEquals(
                "application/rsl+xml",
                answer.headers().firstValue("Content-Type").orElse(""));
        Element content = content(answer.body(), base + page.path());
        List<String> permitted = usages(content, "permits");
        NodeList payment = content.getElementsByTagName("payment");
        boolean isFree = payment.getLength() == 0
                || ((Element) payment.item(0)).getAttribute("type").equals("free");
        if (!permitted.isEmpty()) {
            for (Use use :
                    List.of(Use.DATA_ANALYSIS, Use.AI_TRAINING, Use.AI_INPUT, Use.AI_INDEX, Use.SEARCH_INDEXING)) {
                boolean covered = permitted.contains("all")
                        || (permitted.contains("ai-all") && use.wireName().startsWith("ai-"))
                        || (permitted.contains("ai-train") && use == Use.AI_TRAINING)
                        || (permitted.contains("search") && use == Use.SEARCH_INDEXING);
                add(use.wireName(), !covered ? "deny" : isFree ? "allow" : "ask");
            }
        }
        for (String prohibited : usages(content, "prohibits")) {
            assertEquals("ai-train", prohibited);
            add("ai-training", "deny");
        }
    }

    private static Element content(byte[] document, String address) throws IOException {
        try {
            NodeList contents = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(document))
                    .getElementsByTagName("content");
            for (int i = 0; i < contents.getLength(); i++) {
                Element content = (Element) contents.item(i);
                if (content.getAttribute("url").equals(address)) {
                    return content;
                }
            }
            throw new AssertionError("the license does not name " + address);
        } catch (ParserConfigurationException | SAXException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static List<String> usages(Element content, String name) {
        List<String> usages = new ArrayList<>();
        NodeList elements = content.getElementsByTagName(name);
        for (int i = 0; i < elements.getLength(); i++) {
            usages.addAll(List.of(elements.item(i).getTextContent().split(" ", -1)));
        }
        return usages;
    }
}
