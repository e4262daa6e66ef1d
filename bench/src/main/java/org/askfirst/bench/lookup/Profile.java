package org.askfirst.bench.lookup;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Server;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of a server: in which methods its processors were found, and who asked for memory. */
final class Profile {
    private static final int SHOWN = 15;

    private final Server server;
    private final String name;
    private final Path file;

    private Profile(Server server, String name, Path file) {
        this.server = server;
        this.name = name;
        this.file = file;
    }

    /** @param name of the recording, which stays in the server's folder */
    static Profile start(Server server, String name) throws Exception {
        Path file = server.folder().resolve(name + ".jfr");
        jcmd(server, "JFR.start", "name=" + name, "settings=profile");
        return new Profile(server, name, file);
    }

    private static String jcmd(Server server, String... command) throws Exception {
        List<String> all = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(server.pid())));
        all.addAll(List.of(command));
        return Machine.output(all.toArray(String[]::new));
    }

    /** Tables of what was found. */
    String end() throws Exception {
        jcmd(server, "JFR.stop", "name=" + name, "filename=" + file);
        Map<String, Integer> tops = new HashMap<>();
        Map<String, Integer> ours = new HashMap<>();
        Map<String, Integer> askers = new HashMap<>();
        int samples = 0;
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getStackTrace() == null) {
                    continue;
                }
                List<RecordedFrame> frames = event.getStackTrace().getFrames();
                if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
                    samples++;
                    tops.merge(name(frames.get(0).getMethod()), 1, Integer::sum);
                    ours.merge(ours(frames), 1, Integer::sum);
                } else if (event.getEventType().getName().equals("jdk.ObjectAllocationSample")) {
                    askers.merge(ours(frames), (int) (event.getLong("weight") >> 10), Integer::sum);
                }
            }
        }
        return "Of " + samples + " samples, by method:\n\n" + shown(tops) + "\nby the first method of the house on the stack:\n\n"
                + shown(ours) + "\nmemory, by the same:\n\n" + shown(askers);
    }

    private static String ours(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            if (frame.getMethod().getType().getName().startsWith("org.askfirst.")) {
                return name(frame.getMethod());
            }
        }
        return "none (server, JSON, network)";
    }

    private static String name(RecordedMethod method) {
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
    }

    private static String shown(Map<String, Integer> counts) {
        double all = counts.values().stream().mapToLong(Integer::longValue).sum();
        StringBuilder text = new StringBuilder("| method | % |\n|---|---:|\n");
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(SHOWN)
                .forEach(one -> text.append(String.format(
                        Locale.ROOT, "| `%s` | %.1f |%n", one.getKey(), 100 * one.getValue() / all)));
        return text.toString();
    }
}
