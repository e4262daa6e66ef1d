package org.askfirst.registry.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of the pages in one language: the same files that the scripts load, so that no text exists twice. */
final class Words {
    private static final String QUOTED = "'(?:[^'\\\\]|\\\\.)*'";
    private static final Pattern ENTRY =
            Pattern.compile("(?m)^  '([^']+)':\\s+(" + QUOTED + "(?: \\+\\s+" + QUOTED + ")*),$");
    private static final Pattern JOIN = Pattern.compile("' \\+\\s+'");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    /** The ends of the names of the files: the texts that all pages load, and those that some pages load. */
    static final List<String> GROUPS = List.of("", "-account", "-licenses", "-operator", "-societies");

    private static final Map<String, Words> BY_LANGUAGE = new ConcurrentHashMap<>();

    private final Map<String, String> texts;

    private Words(String script) {
        Map<String, String> found = new HashMap<>();
        for (Matcher entry = ENTRY.matcher(script); entry.find(); ) {
            String whole = JOIN.matcher(entry.group(2)).replaceAll("");
            found.put(
                    entry.group(1),
                    ESCAPED.matcher(whole.substring(1, whole.length() - 1)).replaceAll("$1"));
        }
        texts = Map.copyOf(found);
    }

    /** Returns the texts of the language with this tag. */
    static Words of(String language) {
        return BY_LANGUAGE.computeIfAbsent(language, Words::read);
    }

    private static Words read(String language) {
        StringBuilder scripts = new StringBuilder();
        for (String group : GROUPS) {
            scripts.append(Texts.require("/META-INF/resources/app/strings/" + language + group + ".js"));
        }
        return new Words(scripts.toString());
    }

    boolean has(String name) {
        return texts.containsKey(name);
    }

    String text(String name) {
        @Nullable String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("the pages have no text " + name);
        }
        return text;
    }
}
