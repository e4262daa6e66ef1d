package org.askfirst.bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The steps and values that one run of a bench was started with. A word that no bench knows is refused. */
public final class Arguments {
    /** The value of {@code result} that writes no file. */
    static final String NO_FILE = "-";

    private static final String RESULT = "result";

    private final String part;
    private final List<String> named = new ArrayList<>();
    private final Set<String> usual;
    private final Map<String, String> values;
    private final List<String> given;

    private Arguments(String part, Set<String> usual, Map<String, String> defaults, String... arguments) {
        this.part = part;
        this.usual = usual;
        this.values = new LinkedHashMap<>(defaults);
        this.given = List.of(arguments);
    }

    /**
     * Reads what follows the part on the command line.
     *
     * @param part the first word after {@code bench/run}
     * @param usual the steps of a run that names none
     * @param others the steps that run only if they are named
     * @param defaults all values of the part, as names and values in turn
     */
    public static Arguments parse(
            String part, Set<String> usual, Set<String> others, List<String> defaults, String... arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < defaults.size(); i += 2) {
            values.put(defaults.get(i), defaults.get(i + 1));
        }
        Arguments parsed = new Arguments(part, usual, values, arguments);
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            String name = at < 0 ? argument : argument.substring(0, at);
            if (at >= 0 && (values.containsKey(name) || name.equals(RESULT))) {
                parsed.values.put(name, argument.substring(at + 1));
            } else if (at < 0 && (usual.contains(name) || others.contains(name))) {
                parsed.named.add(name);
            } else {
                throw new IllegalArgumentException(part + " has no " + argument + "; it has the steps " + usual + " and "
                        + others + " and the values " + values.keySet());
            }
        }
        return parsed;
    }

    /** The folder with real lists: {@code ASKFIRST_DATA}, or beside the checkout, as for the tests. */
    public static String data() {
        return System.getenv().getOrDefault("ASKFIRST_DATA", "../shared/data");
    }

    /** Says whether this run includes that step. */
    public boolean includes(String step) {
        return named.isEmpty() ? usual.contains(step) : named.contains(step);
    }

    /** Says whether this run includes any step but that one. */
    public boolean includesMoreThan(String step) {
        return named.isEmpty() ? !usual.equals(Set.of(step)) : !named.equals(List.of(step));
    }

    /** A value; empty if it has none. */
    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    public int count(String name) {
        return Integer.parseInt(text(name));
    }

    public Path path(String name) {
        return Path.of(text(name)).toAbsolutePath();
    }

    /** Words that are separated by spaces or commas. */
    public List<String> list(String name) {
        return text(name).isBlank() ? List.of() : List.of(text(name).strip().split("[ ,]+", -1));
    }

    /** The command that started this run. */
    String command() {
        return ("bench/run " + part + " "
                        + given.stream()
                                .filter(argument -> !argument.startsWith(RESULT + "="))
                                .map(Arguments::withoutFolder)
                                .collect(Collectors.joining(" ")))
                .strip();
    }

    /** All values, the defaults included. */
    String parameters() {
        return values.entrySet().stream()
                .filter(value -> !value.getKey().equals(RESULT) && !value.getValue().isEmpty())
                .map(value -> withoutFolder(value.getKey() + "=" + value.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A results file names no path of the machine that it was made on. */
    private static String withoutFolder(String argument) {
        int at = argument.indexOf('=');
        if (argument.startsWith("/", at + 1) || argument.startsWith("../", at + 1)) {
            return argument.substring(0, at + 1) + Path.of(argument.substring(at + 1)).getFileName();
        }
        return argument;
    }

    /** The name of a results file, without date and type. */
    String name() {
        return named.isEmpty() ? part : part + "-" + String.join("-", named);
    }

    /** The file that was asked for; empty if none was. */
    String result() {
        return text(RESULT);
    }
}
