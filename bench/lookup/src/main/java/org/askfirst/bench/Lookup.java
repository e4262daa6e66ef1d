package org.askfirst.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bench of lookups: in process, over HTTP, and for a long time. See README.md. */
public final class Lookup {
    /** What a run is to do, from its arguments. */
    record Plan(List<String> parts, Path urls, Path folder, Path result, List<Long> sizes, long served, int seconds, int loading, int limit, int pace) {
        static Plan of(String[] arguments) throws Exception {
            List<String> parts = new ArrayList<>();
            Path urls = null;
            Path folder = null;
            Path result = null;
            List<Long> sizes = List.of(1_000_000L, 10_000_000L, 100_000_000L);
            long served = 10_000_000;
            int seconds = 600;
            int loading = Integer.MAX_VALUE;
            int limit = Integer.MAX_VALUE;
            int pace = 10;
            for (String argument : arguments) {
                int at = argument.indexOf('=');
                String value = argument.substring(at + 1);
                switch (at < 0 ? argument : argument.substring(0, at)) {
                    case "urls" -> urls = Path.of(value).toAbsolutePath();
                    case "folder" -> folder = Path.of(value).toAbsolutePath();
                    case "result" -> result = Path.of(value).toAbsolutePath();
                    case "sizes" -> sizes =
                            List.of(value.split(",")).stream().map(Long::valueOf).toList();
                    case "served" -> served = Long.parseLong(value);
                    case "loading" -> loading = Integer.parseInt(value);
                    case "pace" -> pace = Integer.parseInt(value);
                    case "limit" -> limit = Integer.parseInt(value);
                    case "seconds" -> seconds = Integer.parseInt(value);
                    case "process", "load", "http", "profile", "soak" -> parts.add(argument);
                    default -> throw new IllegalArgumentException("unknown: " + argument);
                }
            }
            if (urls == null) {
                throw new IllegalArgumentException("urls=FILE is missing");
            }
            return new Plan(
                    parts.isEmpty() ? List.of("process", "http", "soak") : parts,
                    urls,
                    folder == null ? Files.createTempDirectory("askfirst-lookup") : folder,
                    result,
                    sizes,
                    served,
                    seconds,
                    loading,
                    limit,
                    pace);
        }
    }

    private Lookup() {}

    /** See README.md. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = Plan.of(arguments);
        Report report = new Report(plan.result());
        report.add(Machine.heading());
        report.add("Made of " + Works.of(plan.urls()) + ".\n");
        try {
            if (plan.parts().contains("process")) {
                new InProcess(plan, report).run();
            }
            if (!plan.parts().equals(List.of("process"))) {
                OverHttp.run(plan, report);
            }
            report.goals();
        } finally {
            System.out.println(report);
            if (!plan.folder().resolve("keep").toFile().exists()) {
                Machine.delete(plan.folder());
            }
        }
    }
}
