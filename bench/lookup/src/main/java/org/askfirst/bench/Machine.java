package org.askfirst.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What everything runs on: processes, what they have used, files. */
final class Machine {
    private static final long TICKS = 100;
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private Machine() {}

    /** Seconds of a processor that a process has used, and its ended children have. */
    static double cpu(long process) {
        String[] fields = stat(process);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS;
    }

    /** The same of a process and all its children, of those that have ended too. */
    static double cpuOfTree(long process) {
        String[] fields = stat(process);
        double sum = cpu(process) + (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / (double) TICKS;
        return sum
                + ProcessHandle.of(process).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToDouble(child -> child.isAlive() ? cpu(child.pid()) : 0)
                        .sum();
    }

    /** How often this process had to be given a page of memory, mapped ones that were taken away included. */
    static long faults() {
        return Long.parseLong(stat(ProcessHandle.current().pid())[7]);
    }

    private static String[] stat(long process) {
        String stat = read(Path.of("/proc", String.valueOf(process), "stat"));
        if (stat.isEmpty()) {
            return "0 ".repeat(20).strip().split(" ");
        }
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    /** Megabytes of memory that a process holds: its own, and of mapped files. */
    static String memory(long process) {
        String status = read(Path.of("/proc", String.valueOf(process), "status"));
        return Long.parseLong(find("RssAnon:\\s*([0-9]+)", status)) / 1024 + " MB of its own and "
                + Long.parseLong(find("RssFile:\\s*([0-9]+)", status)) / 1024 + " MB of mapped files";
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    static String find(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        return found.find() ? found.group(1).strip() : "0";
    }

    /**
     * Runs a class in a Java of its own.
     *
     * @return what it printed, {@code name=value} a line
     */
    static Map<String, String> java(Class<?> main, List<String> options, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(main.getSimpleName() + " ended with " + process.exitValue() + ": " + out);
        }
        Map<String, String> values = new TreeMap<>();
        out.lines().filter(line -> line.contains("=")).forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1));
        });
        return values;
    }

    /** What a command prints. */
    static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return text;
    }

    /** Takes a file that nobody has mapped out of the page cache; says how much of it stayed. */
    static String forget(Path file) throws Exception {
        output("dd", "if=" + file, "iflag=nocache", "count=0");
        return output("fincore", "--noheadings", "--output", "res", file.toString()).strip();
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    static void say(String format, Object... arguments) {
        System.err.printf(Locale.ROOT, format + "%n", arguments);
    }

    /** What and where: the first lines of a results file. */
    static String heading() throws Exception {
        String changed = output("git", "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : " and changes";
        return String.format(
                Locale.ROOT,
                "# Looking up, %s%n%nCommit %s%s. Machine: %d cores of %s, %.0f GB, Linux %s, huge pages %s; clients,"
                        + " service, database and peers all on it; load before %s. OpenJDK %s.%n",
                LocalDate.now(ZoneOffset.UTC),
                output("git", "rev-parse", "--short", "HEAD"),
                changed,
                Runtime.getRuntime().availableProcessors(),
                find("model name\\s*: (.*)", read(Path.of("/proc/cpuinfo"))),
                Long.parseLong(find("MemTotal:\\s*([0-9]+)", read(Path.of("/proc/meminfo")))) / 1e6,
                System.getProperty("os.version"),
                find("\\[(.*)\\]", read(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"))),
                read(Path.of("/proc/loadavg")).split(" ")[0],
                System.getProperty("java.version"));
    }
}
