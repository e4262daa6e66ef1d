package org.askfirst.bench.input;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;

/** The part {@code real-input}: {@link RealInput} against a fresh service, and again after a restart. */
public final class RealInputRun {
    private RealInputRun() {}

    public static void main(String[] arguments) throws Exception {
        Arguments run = Arguments.parse(
                "real-input", Set.of(), Set.of(), List.of("data", Arguments.data(), "options", ""), arguments);
        Path folder = Files.createTempDirectory("askfirst-real-input");
        Path data = run.path("data");
        Path answers = folder.resolve("answers");
        try (Report report = Report.start("Real input", run)) {
            try (Server service = Server.service(folder, run.list("options"), Map.of())) {
                report.section("An empty registry");
                report.add(Machine.printed(
                        RealInput.class, List.of(), "declare", address(service), data, answers, service.operatorKey()));
            }
            try (Server service = Server.service(folder, run.list("options"), Map.of())) {
                report.section("After a restart");
                report.add(Machine.printed(RealInput.class, List.of(), "again", address(service), data, answers));
            }
        } finally {
            Machine.delete(folder);
        }
    }

    private static String address(Server service) {
        return "http://127.0.0.1:" + service.port();
    }
}
