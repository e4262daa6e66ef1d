package org.askfirst.bench.harness;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine: commands, other Java processes, files, and what the kernel says in {@code /proc}. */
public final class Machine {
    /** Ticks of a processor in a second, in {@code /proc}. */
    public static final long TICKS = 100;

    private static final Path PROC = Path.of("/proc");
    private static final int PARENT = 1;
    private static final int FAULTS = 7;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int ENDED_USER = 13;
    private static final int ENDED_SYSTEM = 14;

    private Machine() {}

    // ---- the kernel's readings

    /** Seconds of a processor that a process has used. */
    public static double cpu(long process) {
        return ticks(stat(process)) / (double) TICKS;
    }

    /** Seconds of a processor that a process, its children, and its ended children have used. */
    public static double cpuOfTree(long process) {
        return cpu(process)
                + endedTicks(process) / (double) TICKS
                + ProcessHandle.of(process).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToDouble(child -> child.isAlive() ? cpu(child.pid()) : 0)
                        .sum();
    }

    /** Ticks that a process has used. */
    public static long ticks(long process) {
        return ticks(stat(process));
    }

    /** Ticks that a process's children had used when they ended. */
    public static long endedTicks(long process) {
        String[] stat = stat(process);
        return Long.parseLong(stat[ENDED_USER]) + Long.parseLong(stat[ENDED_SYSTEM]);
    }

    /** Ticks of each thread of a process, by names without numbers. */
    public static Map<String, Long> ticksOfThreads(long process) throws IOException {
        Map<String, Long> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(folder(process).resolve("task"))) {
            tasks.forEach(task -> threads.merge(
                    read(task.resolve("comm")).strip().replaceAll("[ #_-]?[0-9]+.*$", ""),
                    ticks(stat(task.resolve("stat"))),
                    Long::sum));
        }
        return threads;
    }

    /** Ticks of each process of a PostgreSQL, by its kind. */
    public static Map<String, Long> ticksOfDatabase(long postmaster) throws IOException {
        Map<String, Long> processes = new TreeMap<>();
        processes.put("ended", endedTicks(postmaster));
        try (Stream<Path> all = Files.list(PROC)) {
            all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> stat(process.resolve("stat"))[PARENT].equals(String.valueOf(postmaster)))
                    .forEach(process -> processes.merge(
                            read(process.resolve("cmdline"))
                                    .replace('\0', ' ')
                                    .replaceAll("^postgres: (.*?)(\\(|\\[|[0-9]|$).*$", "$1")
                                    .strip(),
                            ticks(stat(process.resolve("stat"))),
                            Long::sum));
        }
        return processes;
    }

    /** How often this process got a page of memory, mapped ones that had been removed included. */
    public static long faults() {
        return Long.parseLong(stat(ProcessHandle.current().pid())[FAULTS]);
    }

    /** Megabytes of memory that a process has: its own, and of mapped files. */
    public static String memory(long process) {
        String status = read(folder(process).resolve("status"));
        return Long.parseLong(find("RssAnon:\\s*([0-9]+)", status)) / 1024 + " MB of its own and "
                + Long.parseLong(find("RssFile:\\s*([0-9]+)", status)) / 1024 + " MB of mapped files";
    }

    /** The most bytes of memory that a process has had since its peak was last reset. */
    public static long peak(long process) {
        return Long.parseLong(find("VmHWM:\\s*([0-9]+)", read(folder(process).resolve("status")))) << 10;
    }

    public static void resetPeak(long process) throws IOException {
        Files.writeString(folder(process).resolve("clear_refs"), "5");
    }

    private static long ticks(String[] stat) {
        return Long.parseLong(stat[USER]) + Long.parseLong(stat[SYSTEM]);
    }

    private static String[] stat(long process) {
        return stat(folder(process).resolve("stat"));
    }

    /** The fields after the name in parentheses; zeros if the process has ended. */
    private static String[] stat(Path file) {
        String stat = read(file);
        return (stat.isEmpty() ? "0 ".repeat(20).strip() : stat.substring(stat.lastIndexOf(')') + 2)).split(" ", -1);
    }

    private static Path folder(long process) {
        return PROC.resolve(String.valueOf(process));
    }

    // ---- other programs

    /** The command of the Java that this is. */
    public static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /**
     * Runs a class in a Java of its own.
     *
     * @return what it printed, {@code name=value} a line
     */
    public static Map<String, String> java(Class<?> main, List<String> options, Object... arguments)
            throws IOException, InterruptedException {
        Map<String, String> values = new TreeMap<>();
        printed(main, options, arguments).lines().filter(line -> line.contains("=")).forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1));
        });
        return values;
    }

    /** Runs a class in a Java of its own, and returns everything that it printed. */
    public static String printed(Class<?> main, List<String> options, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool("java")));
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
        return out;
    }

    /** Runs a command, and returns what it printed. */
    public static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return text;
    }

    /** Says whether there is a command of that name. */
    public static boolean has(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    // ---- files and texts

    /** Removes a file that no process has mapped from the page cache; returns how much of it stayed. */
    public static String removeFromCache(Path file) throws IOException, InterruptedException {
        output("dd", "if=" + file, "iflag=nocache", "count=0");
        return output("fincore", "--noheadings", "--output", "res", file.toString()).strip();
    }

    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** The text of a file; empty if it is gone. */
    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** The first group of the first match; {@code 0} if there is none. */
    public static String find(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        return found.find() ? found.group(1).strip() : "0";
    }

    /** Prints a line on the error output, where a person sees how far the run is. */
    public static void say(String line) {
        System.err.println(line);
    }

    // ---- the head of a report

    static String commit() throws IOException, InterruptedException {
        String changed = output("git", "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : ", with changes";
        return output("git", "rev-parse", "--short", "HEAD") + changed;
    }

    static String description() {
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %.0f GB, Linux %s, huge pages %s; everything runs on it",
                Runtime.getRuntime().availableProcessors(),
                find("model name\\s*: (.*)", read(PROC.resolve("cpuinfo"))),
                Long.parseLong(find("MemTotal:\\s*([0-9]+)", read(PROC.resolve("meminfo")))) / 1e6,
                System.getProperty("os.version"),
                find("\\[(.*)\\]", read(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"))));
    }

    static String load() {
        return find("^([0-9.]+)", read(PROC.resolve("loadavg")));
    }

    static String java() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
    }
}
