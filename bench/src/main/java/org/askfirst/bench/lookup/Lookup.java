package org.askfirst.bench.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;

/** The part {@code lookup}: lookups in process, over HTTP, and for a long time. */
public final class Lookup {
    /**
     * The values of one run.
     *
     * @param urls real addresses, one a line
     * @param folder the working folder
     * @param sizes keys in process
     * @param served keys over HTTP
     * @param seconds the length of the soak
     * @param loading the most seconds for loading
     * @param limit the most seconds for everything over HTTP
     * @param pace seconds of one measurement over HTTP
     * @param options of the service's Java
     */
    record Plan(
            Path urls,
            Path folder,
            List<Long> sizes,
            long served,
            int seconds,
            int loading,
            int limit,
            int pace,
            List<String> options) {}

    private Lookup() {}

    public static void main(String[] arguments) throws Exception {
        Arguments run = Arguments.parse(
                "lookup",
                Set.of("process", "http", "soak"),
                Set.of("load", "profile", "counting", "grants", "snapshot"),
                List.of(
                        "urls", Arguments.data() + "/urls.txt",
                        "sizes", "1000000,10000000,100000000",
                        "served", "10000000",
                        "seconds", "600",
                        "pace", "10",
                        "loading", "86400",
                        "limit", "86400",
                        "folder", "",
                        "options", "-Xmx512m"),
                arguments);
        Plan plan = new Plan(
                run.input("urls"),
                run.text("folder").isEmpty() ? Files.createTempDirectory("askfirst-lookup") : run.path("folder"),
                run.list("sizes").stream().map(Long::valueOf).toList(),
                run.number("served"),
                run.count("seconds"),
                run.count("loading"),
                run.count("limit"),
                run.count("pace"),
                run.list("options"));
        try (Report report = Report.start("Lookups", run)) {
            report.add("The works are generated from " + Works.of(plan.urls()) + ".\n");
            if (run.includes("process")) {
                new InProcess(plan, report).run();
            }
            if (run.includes("grants")) {
                new InProcess(plan, report).grants();
            }
            if (run.includes("snapshot")) {
                new Snapshots(plan, report).run();
            }
            if (run.includesMoreThan("process") && run.includesMoreThan("grants") && run.includesMoreThan("snapshot")) {
                OverHttp.run(plan, run, report);
            }
        } finally {
            removeUnlessKept(plan.folder());
        }
    }

    private static void removeUnlessKept(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("keep"))) {
            Machine.delete(folder);
        }
    }
}
