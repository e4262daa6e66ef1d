package org.askfirst.registry.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.testkit.Checkout;
import org.junit.jupiter.api.Test;

/** Korean and English have the same texts, and every text that a page uses exists. */
class WordsTest {
    private static final Path APP = Checkout.at("src/server/src/main/resources/META-INF/resources/app");
    private static final String QUOTED = "'(?:[^'\\\\]|\\\\.)*'";
    private static final Pattern ENTRY =
            Pattern.compile("(?m)^  '([^']+)':\\s+(" + QUOTED + "(?: \\+\\s+" + QUOTED + ")*),$");
    private static final Pattern JOIN = Pattern.compile("' \\+\\s+'");
    private static final Pattern USED = Pattern.compile("(?:\\b(?:t|rich)\\(\\s*'|\\btext=\")([a-zA-Z0-9.-]+)['\"]");
    private static final Pattern ROUTE =
            Pattern.compile("load: \\(\\) => import\\('\\./([^']+)'\\),\\s+(?:texts: '([a-z]+)',)?");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)(?:^(?:import|export)[^;]*?'(\\.[^']+)';|\\bimport\\('(\\.[^']+)'\\))");
    private static final Pattern VALUE = Pattern.compile("\\{\\w+}");
    private static final Pattern READS_PROSE = Pattern.compile(
            "\\bdetail\\s*\\??\\.(?:startsWith|endsWith|includes|indexOf|match|matchAll|search|split|replace|slice)\\b"
                    + "|\\.(?:exec|test)\\([^()]*\\.detail\\b|\\bdetail\\s*===?\\s*['\"]");
    private static final Pattern HANGUL = Pattern.compile("[가-힣]");

    private static Map<String, String> words(String language) throws IOException {
        Map<String, String> words = new TreeMap<>();
        for (String group : Words.GROUPS) {
            words(language + group, words);
        }
        return words;
    }

    private static void words(String file, Map<String, String> words) throws IOException {
        int before = words.size();
        String text = Files.readString(APP.resolve("strings").resolve(file + ".js"));
        for (Matcher entry = ENTRY.matcher(text); entry.find(); ) {
            String whole = JOIN.matcher(entry.group(2)).replaceAll("");
            String content = whole.substring(1, whole.length() - 1);
            assertEquals(null, words.put(entry.group(1), content), "twice: " + entry.group(1));
        }
        assertEquals(
                text.lines().filter(line -> line.matches(" {2}\\S.*")).count(),
                words.size() - before,
                "a line is no entry");
    }

    /** A page knows the texts that all pages load and those of its group, and so do the scripts that it imports. */
    @Test
    void everyPageLoadsTheTextsThatItUses() throws IOException {
        Matcher route = ROUTE.matcher(Files.readString(APP.resolve("main.js")));
        List<String> missing = new ArrayList<>();
        int pages = 0;
        while (route.find()) {
            pages++;
            Map<String, String> words = new TreeMap<>();
            words("ko", words);
            if (route.group(2) != null) {
                words("ko-" + route.group(2), words);
            }
            Set<Path> scripts = new TreeSet<>();
            addImported(APP.resolve(route.group(1)), scripts);
            for (Path script : scripts) {
                for (Matcher used = USED.matcher(read(script)); used.find(); ) {
                    if (!words.containsKey(used.group(1))) {
                        missing.add(route.group(1) + ", " + script.getFileName() + ": " + used.group(1));
                    }
                }
            }
        }
        assertTrue(pages > 15, "routes were found");
        assertEquals(List.of(), missing);
    }

    private static void addImported(Path script, Set<Path> scripts) {
        if (scripts.add(script.normalize())) {
            for (Matcher imported = IMPORT.matcher(read(script)); imported.find(); ) {
                String file = imported.group(1) == null ? imported.group(2) : imported.group(1);
                addImported(script.resolveSibling(file), scripts);
            }
        }
    }

    @Test
    void bothLanguagesHaveTheSameTextsWithTheSameValues() throws IOException {
        Map<String, String> korean = words("ko");
        Map<String, String> english = words("en");
        assertEquals(korean.keySet(), english.keySet());
        assertFalse(korean.isEmpty());
        korean.forEach((name, text) -> {
            assertFalse(text.isBlank(), name);
            assertFalse(String.valueOf(english.get(name)).isBlank(), name);
            assertEquals(values(text), values(String.valueOf(english.get(name))), name);
            if (!name.equals("key.file")) {
                assertFalse(HANGUL.matcher(String.valueOf(english.get(name))).find(), name + " is Korean in English");
            }
        });
    }

    private static Set<String> values(String text) {
        Set<String> values = new TreeSet<>();
        for (Matcher value = VALUE.matcher(text); value.find(); ) {
            values.add(value.group());
        }
        return values;
    }

    @Test
    void everyUsedTextExists() throws IOException {
        Map<String, String> words = words("ko");
        List<String> missing = new ArrayList<>();
        try (Stream<Path> files = Files.walk(APP)) {
            files.filter(file ->
                            file.toString().endsWith(".js") && !file.toString().contains("strings"))
                    .forEach(file -> {
                        for (Matcher used = USED.matcher(read(file)); used.find(); ) {
                            if (!words.containsKey(used.group(1))) {
                                missing.add(file.getFileName() + ": " + used.group(1));
                            }
                        }
                    });
        }
        assertEquals(List.of(), missing);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void everySchemeRoleProblemAndReasonHasAName() throws IOException {
        Map<String, String> words = words("ko");
        List<String> missing = new ArrayList<>();
        for (SubjectScheme scheme : SubjectScheme.values()) {
            missing.add("scheme." + scheme.wireName());
        }
        for (String role : ColumnType.names()) {
            boolean isScheme = words.containsKey("scheme." + role);
            missing.add((isScheme ? "scheme." : "role.") + role);
        }
        for (Problem problem : Problem.values()) {
            // The pages make no calls with these reasons.
            if (problem != Problem.METHOD_NOT_ALLOWED
                    && problem != Problem.NOT_ACCEPTABLE
                    && problem != Problem.UNSUPPORTED_MEDIA_TYPE) {
                missing.add("problem." + problem.slug());
            }
        }
        for (Reason reason : Reason.values()) {
            missing.add("reason." + reason.word());
        }
        missing.removeAll(words.keySet());
        assertEquals(List.of(), missing);
        assertTrue(
                String.valueOf(words.get("verdict.unknown")).contains("(허락한 것이 아닙니다)"), "the bracket is never dropped");
    }

    @Test
    void noPageReadsTheRegistrysProse() throws IOException {
        List<String> readers = new ArrayList<>();
        try (Stream<Path> files = Files.walk(APP)) {
            files.filter(file -> file.toString().endsWith(".js")).forEach(file -> {
                for (Matcher reader = READS_PROSE.matcher(read(file)); reader.find(); ) {
                    readers.add(file.getFileName() + ": " + reader.group());
                }
            });
        }
        assertEquals(List.of(), readers);
        assertTrue(READS_PROSE.matcher("problem.detail?.startsWith('The')").find(), "the pattern sees what it is for");
        assertTrue(
                READS_PROSE.matcher("/Did you mean/.exec(problem.detail)").find(), "the pattern sees what it is for");
    }
}
