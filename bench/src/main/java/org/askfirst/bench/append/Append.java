package org.askfirst.bench.append;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;

/**
 * The part {@code append}: how many declarations a second become durable. It compares one batch, single declarations of
 * many clients, and a transaction for each declaration without the service.
 */
public final class Append {
    private final Arguments run;
    private final Server service;
    private final Costs costs;
    private final AtomicLong last = new AtomicLong();

    private Append(Arguments run, Server service, Costs costs) {
        this.run = run;
        this.service = service;
        this.costs = costs;
    }

    public static void main(String[] arguments) throws Exception {
        Arguments run = Arguments.parse(
                "append",
                Set.of("batch", "single", "naive"),
                Set.of(),
                List.of(
                        "lines", "300000",
                        "warm-lines", "200000",
                        "clients", "32",
                        "seconds", "20",
                        "warm-seconds", "40",
                        "naive-seconds", "15",
                        "naive-warm-seconds", "15",
                        "options", ""),
                arguments);
        onFreshService("Appending", run, (service, costs) -> {
            Append append = new Append(run, service, costs);
            if (run.includes("batch")) {
                append.batch();
            }
            if (run.includes("single")) {
                append.single();
            }
            if (run.includes("naive")) {
                append.naive();
            }
        });
    }

    /** Ways to append, on a service that has just started. */
    interface Ways {
        void measure(Server service, Costs costs) throws Exception;
    }

    /** Starts the service in an empty folder, measures, and writes the report. */
    static void onFreshService(String title, Arguments run, Ways ways) throws Exception {
        Path folder = Files.createTempDirectory("askfirst-append");
        try (Report report = Report.start(title, run);
                Server service = Server.service(folder, run.list("options"), Map.of())) {
            try (Connection database = service.connect();
                    Statement statement = database.createStatement()) {
                statement.execute("alter system set track_wal_io_timing = on");
                statement.execute("select pg_reload_conf()");
            }
            Costs costs = new Costs(service);
            ways.measure(service, costs);
            costs.write(report);
        } finally {
            Machine.delete(folder);
        }
    }

    private String openParty() throws IOException {
        try (Exchange client = new Exchange(service.port())) {
            return Machine.find(
                    "\"key\":\"(afk_[0-9a-z]+)\"",
                    client.post("/v1/parties", null, "{\"name\":\"Archive\",\"kind\":\"society\"}"));
        }
    }

    /** The address that the declaration of that number names. */
    static String url(long number) {
        return "https://works.example.com/catalogue/2026/item-" + number;
    }

    private static String declaration(long number) {
        return "{\"subjects\":[\"url:" + url(number) + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}";
    }

    private void batch() throws IOException, InterruptedException, SQLException {
        String key = openParty();
        send(key, run.count("warm-lines"));
        int lines = run.count("lines");
        Counters before = Counters.read(service, "postgres");
        String answers = send(key, lines);
        costs.add(String.format(Locale.ROOT, "one batch over HTTP, %,d lines", lines), before, "postgres", lines);
        Lines.check(answers, lines, "\\{\"line\":\\d+,\"id\":\"d_\\w+\",\"position\":\\d+}");
    }

    private String send(String key, int lines) throws IOException {
        long first = last.getAndAdd(lines) + 1;
        return Lines.send(
                service, "/v1/declarations/batch", Lines.JSON, key, "", lines, i -> declaration(first + i) + "\n");
    }

    private void single() throws Exception {
        String key = openParty();
        int clients = run.count("clients");
        Repeated.run(clients, run.count("warm-seconds"), () -> new Single(key));
        Counters before = Counters.read(service, "postgres");
        long[] nanos = Repeated.run(clients, run.count("seconds"), () -> new Single(key));
        costs.add(
                "one by one over HTTP, " + clients + " clients", before, "postgres", nanos.length, nanos.length, nanos);
    }

    /** A client with a kept connection that declares one work at a time. */
    private final class Single implements Repeated {
        private final String key;
        private final Exchange client;

        Single(String key) throws IOException {
            this.key = key;
            this.client = new Exchange(service.port());
        }

        @Override
        public void once() throws IOException {
            client.post("/v1/declarations", key, declaration(last.incrementAndGet()));
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private void naive() throws Exception {
        Naive.Database database = Naive.create(service);
        int clients = run.count("clients");
        Repeated.run(clients, run.count("naive-warm-seconds"), () -> new Naive(database, last));
        Counters before = Counters.read(service, Naive.DATABASE);
        long[] nanos = Repeated.run(clients, run.count("naive-seconds"), () -> new Naive(database, last));
        costs.add(
                "naive: a transaction each by JDBC, " + clients + " connections",
                before,
                Naive.DATABASE,
                nanos.length,
                nanos.length,
                nanos);
    }
}
