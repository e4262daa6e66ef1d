package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The effort of declaring a first work on a telephone, from the home page to the saved key. It is measured: taps, typed
 * characters, words, and seconds by a model. No person was timed.
 *
 * <p>The model is that of the earlier measurements, so that the figures can be compared: a tap takes 2.5 s with the
 * decision before it, a character 0.5 s, and people read 200 Korean or 230 English words a minute. Somebody who skims
 * reads 60 % of the words. A choice in a list is two taps, and so is a file: the button, and the file in the dialog.
 *
 * <p>Her keyboard shows “go” in the first field and “next” after the name; each is a character. Numbers are typed as they
 * stand below a bar code, without hyphens.
 *
 * <p>The words are those of the main part that the window of 360 × 800 shows: at the arrival on a screen, and after each
 * scrolling to the next control. The head and the foot are the same on all pages and are not counted. Neither is what
 * the person typed.
 */
class DeclaringIT {
    private static final double TAP = 2.5;
    private static final double CHARACTER = 0.5;
    private static final double SKIMMED = 0.6;
    private static final int WIDTH = 360;
    private static final String CONTACT = "haneul@example.com";
    private static final Pattern DECLARATION = Pattern.compile("d_[0-9a-z]{26}");
    private static final List<String> TABLE = new ArrayList<>();

    private static @Nullable Service service;
    private static @Nullable Browser browser;
    private static @Nullable Path folder;

    @BeforeAll
    static void begin() throws IOException {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        Service started = Service.inEmptyFolder().start();
        service = started;
        browser = new Browser(
                path -> URI.create("http://localhost:" + started.uri("/").getPort() + path));
        folder = Files.createTempDirectory("askfirst-declaring");
    }

    @AfterAll
    static void end() throws IOException {
        TABLE.forEach(System.out::println);
        if (browser != null) {
            browser.close();
        }
        if (service != null) {
            service.close();
        }
        if (folder != null) {
            Service.delete(folder);
        }
    }

    /** Somebody at a telephone, whose effort is counted. */
    private static final class Person {
        private final String language;
        private final Browser browser;
        private int taps;
        private int characters;
        private int words;
        private int allWords;

        Person(String language) {
            this.language = language;
            this.browser = Objects.requireNonNull(DeclaringIT.browser).of(language, WIDTH, false);
        }

        boolean isKorean() {
            return language.equals("ko");
        }

        /** Comes to a screen, once it shows that. */
        void sees(String selector) {
            browser.await(selector);
            browser.script("window.counted = new WeakSet()");
            allWords += words(false);
            words += words(true);
        }

        /** Counts the words of the main part that were not counted on this screen. */
        private int words(boolean inWindow) {
            return ((Number) Objects.requireNonNull(browser.script("""
                    const inWindow = arguments[0];
                    const words = text => text.split(/\\s+/).filter(word => /[\\p{L}\\p{N}]/u.test(word)).length;
                    let sum = 0;
                    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
                    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                      const parent = node.parentElement;
                      const option = parent.closest('option');
                      if (!node.data.trim() || parent.closest('.visually-hidden, textarea, script')) continue;
                      if (option ? !option.selected : !parent.checkVisibility({visibilityProperty: true})) continue;
                      const range = document.createRange();
                      range.selectNodeContents(option ? option.closest('select') : node);
                      const places = option ? [option.closest('select').getBoundingClientRect()]
                        : [...range.getClientRects()];
                      const shown = places.some(one => one.width > 0 && one.height > 0
                        && (!inWindow || (one.bottom > 0 && one.top < innerHeight)));
                      if (!shown || (inWindow && window.counted.has(node))) continue;
                      if (inWindow) window.counted.add(node);
                      sum += words(node.data);
                    }
                    return sum;
                    """, inWindow))).intValue();
        }

        private void reach(String selector) {
            browser.script("arguments[0].scrollIntoView({block: 'nearest'})", browser.await(selector));
            words += words(true);
        }

        void taps(String selector) {
            reach(selector);
            browser.click(selector);
            taps++;
        }

        void types(String selector, String text) {
            reach(selector);
            browser.type(selector, text);
            taps++;
            characters += text.codePointCount(0, text.length());
        }

        /** Presses the key “go” of the keyboard, which is Enter. */
        void presses(String selector) {
            browser.await(selector).sendKeys("\n");
            characters++;
        }

        /** Presses the key “next” of the keyboard, which must lead to that field, and types. */
        void typesNext(String before, String selector, String text) {
            presses(before);
            assertEquals(selector, "#" + browser.script("return document.activeElement.id"));
            reach(selector);
            browser.await(selector).sendKeys(text);
            characters += text.codePointCount(0, text.length());
        }

        void picks(String selector, String value) {
            reach(selector);
            browser.pick(selector, value);
            taps += 2;
        }

        void chooses(String button, Path... files) {
            reach(button);
            browser.choose("af-works input[type=file]", List.of(files));
            // The button, then each file; a long press and one more tap chooses a whole folder.
            taps += Math.min(3, 1 + files.length);
        }

        /** Writes a line of the table, and requires that the effort is no greater. */
        void needs(String work, int mostTaps, int mostWords, int mostSeconds) {
            double read = words * 60.0 / (isKorean() ? 200 : 230);
            double fixed = taps * TAP + characters * CHARACTER;
            String line = String.format(
                    Locale.ROOT,
                    "%-13s %s  %2d taps  %3d characters  %3d words (%3d with those to scroll to)  %3.0f s skimming  %3.0f s reading",
                    work,
                    language,
                    taps,
                    characters,
                    words,
                    allWords,
                    fixed + SKIMMED * read,
                    fixed + read);
            TABLE.add(line);
            assertTrue(taps <= mostTaps, line);
            assertTrue(words <= mostWords, line);
            assertTrue(fixed + SKIMMED * read <= mostSeconds, line);
        }

        /** The answer, what is public about her, and the consent. */
        void finishes() throws IOException {
            sees("#mode-ask");
            browser.inspect("measured-may");
            taps("#mode-ask");
            sees("#party-name");
            browser.inspect("measured-you");
            types("#party-name", isKorean() ? "김하늘" : "Haneul");
            typesNext("#party-name", "#contact", CONTACT);
            taps("#consent");
            taps(".flow .primary");
            sees("#shown-key");
            browser.inspect("measured-done");
            taps(".key-box .primary");
        }

        /** Checks on the pages that a crawler which looks the work up is answered “ask”. */
        void isTrueFor(String subject) {
            browser.open("/check?subject=" + subject);
            browser.await(".verdict.ask");
            browser.awaitText(CONTACT);
        }
    }

    private static Path file(String name, String content) throws IOException {
        return Files.writeString(Objects.requireNonNull(folder).resolve(name), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ko", "en"})
    void aBook(String language) throws IOException {
        Person person = new Person(language);
        String isbn = person.isKorean() ? "9788954651134" : "9788932020785";
        person.browser.open("/");
        person.sees("#start");
        person.types("#start", isbn);
        person.presses("#start");
        person.finishes();
        person.needs("book", 6, 165, 60);
        person.isTrueFor("isbn:" + isbn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ko", "en"})
    void aFile(String language) throws IOException {
        Person person = new Person(language);
        Path file = file(person.isKorean() ? "달토끼 1화.png" : "Moon Rabbit 1.png", "one picture, " + language);
        person.browser.open("/");
        person.sees("#start");
        person.taps(".start .primary");
        person.sees("#typed");
        person.chooses(".drop .button", file);
        person.browser.await(".item .value");
        person.taps(".flow .primary");
        person.finishes();
        person.needs("file", 9, 225, 75);
        person.browser.open("/check");
        person.browser.choose("af-works input[type=file]", file);
        person.browser.await(".item .value");
        person.browser.click(".page .primary");
        person.browser.await(".verdict.ask");
    }

    /** An artist declares the forty pictures of her webtoon at once, and each of them is found. */
    @ParameterizedTest
    @ValueSource(strings = {"ko", "en"})
    void aWebtoonOfFortyPictures(String language) throws Exception {
        Person person = new Person(language);
        Path[] pictures = new Path[40];
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = picture(language + String.format(Locale.ROOT, "-%02d.png", i + 1), i);
            subjects.add("sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(pictures[i]))));
        }
        person.browser.open("/");
        person.sees("#start");
        person.taps(".start .primary");
        person.sees("#typed");
        person.chooses(".drop .button", pictures);
        person.browser.awaitText(person.isKorean() ? "나머지 35개 보기" : "Show 35 more");
        person.browser.inspect("measured-webtoon");
        person.types("#series", person.isKorean() ? "달토끼 1화" : "Moon Rabbit 1");
        person.browser.awaitText(person.isKorean() ? "달토끼 40화" : "Moon Rabbit 40");
        person.taps(".flow .primary");
        person.finishes();
        person.browser.awaitText(person.isKorean() ? "작품 40건 등록" : "40 works registered");
        person.needs("40 pictures", 11, 260, 95);
        // The certificate shows twenty works and folds the others.
        person.browser.click(".unfold");
        person.browser.awaitText(person.isKorean() ? "달토끼 40화" : "Moon Rabbit 40");
        Service asked = Objects.requireNonNull(service);
        String items = subjects.stream()
                .map(subject -> "{\"id\":\"" + subject + "\",\"subjects\":[\"" + subject + "\"]}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
        String answers = asked.send(HttpRequest.newBuilder(asked.uri("/v1/lookups?detail=verdict"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(items)))
                .body();
        assertEquals(
                40,
                Pattern.compile("\"verdict\":\"ask\"")
                        .matcher(answers)
                        .results()
                        .count(),
                answers);
        person.browser.open("/check");
        person.browser.choose("af-works input[type=file]", pictures[16]);
        person.browser.await(".item .value");
        person.browser.click(".page .primary");
        person.browser.await(".verdict.ask");
    }

    /** Draws a picture that no other call draws. */
    private static Path picture(String name, int number) throws IOException {
        BufferedImage image = new BufferedImage(96, 128, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, Objects.hash(x / 8, y / 8, number, name) & 0xffffff);
            }
        }
        Path file = Objects.requireNonNull(folder).resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ko", "en"})
    void anAccount(String language) throws IOException {
        Person person = new Person(language);
        String account = "instagram.com/moon_" + language;
        person.browser.open("/");
        person.sees("#start");
        person.types("#start", account);
        person.presses("#start");
        person.finishes();
        person.needs("account", 6, 172, 66);
        person.isTrueFor("https://www.instagram.com/moon_" + language + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ko", "en"})
    void aChoreography(String language) throws IOException {
        Person person = new Person(language);
        String title = person.isKorean() ? "달빛 걸음" : "Moonlight steps";
        person.browser.open("/");
        person.sees("#start");
        person.types("#start", title);
        person.presses("#start");
        person.sees(".item .tag");
        person.browser.inspect("measured-choreography");
        person.types(".item .field:nth-child(2) input", person.isKorean() ? "김하늘" : "Haneul");
        person.picks(".item select", "choreography");
        person.taps(".flow .primary");
        person.finishes();
        person.needs("choreography", 10, 225, 85);

        // It has no number that others know: they find it by its title, and then it is looked up.
        String declaration = find(person.browser.script("return document.querySelector('.card a').href"));
        awaitFound(title, declaration);
        person.browser.open("/check?q=" + java.net.URLEncoder.encode(title, StandardCharsets.UTF_8));
        person.browser.click("af-search-results .item a[href^='/check?subject']");
        person.browser.await(".verdict.ask");
        person.browser.awaitText(CONTACT);

        // Whoever declares the same title next sees first that it is declared.
        Person other = new Person(language);
        other.browser.open("/");
        other.browser.type("#start", title);
        other.browser.click(".start .primary");
        other.browser.await(".item .known a[href='/d/" + declaration + "']");
        other.browser.awaitText(language.equals("ko") ? "비슷한 제목으로 등록된 작품" : "Registered under a similar title");
        other.browser.awaitText(language.equals("ko") ? "효력이 있음" : "counts");
        other.browser.inspect("declare-found");
    }

    private static String find(@Nullable Object text) {
        Matcher found = DECLARATION.matcher(String.valueOf(text));
        assertTrue(found.find(), String.valueOf(text));
        return found.group();
    }

    /** Waits until a search finds the declaration: its index follows the ledger about a second later. */
    private static void awaitFound(String title, String declaration) {
        Service asked = Objects.requireNonNull(service);
        for (int tries = 0; tries < 120; tries++) {
            String found = asked.send(HttpRequest.newBuilder(
                            asked.uri("/v1/search?q=" + java.net.URLEncoder.encode(title, StandardCharsets.UTF_8))))
                    .body();
            if (found.contains(declaration)) {
                return;
            }
            Service.pause();
        }
        throw new AssertionError(declaration + " is not found by " + title);
    }
}
