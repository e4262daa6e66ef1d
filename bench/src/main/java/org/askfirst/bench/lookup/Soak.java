package org.askfirst.bench.lookup;

import static org.askfirst.bench.harness.Report.number;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;

/**
 * Everything at once for some minutes, at rates that a shared machine can bear, to compare the last minute with the first.
 * Each declaration and each withdrawal is followed by a lookup, so that a late answer is an error.
 */
final class Soak {
    private static final int STREAM = 5_000;
    private static final int BATCH = 1_000;
    private static final int LINES = 100;
    private static final int MOST_KEPT = 10_000;

    private final Server service;
    private final Works works;
    private final long declared;
    private final int seconds;
    private final Report report;
    private final AtomicLong next = new AtomicLong();
    private final Deque<String[]> standing = new ArrayDeque<>();
    private final List<Kind> kinds = new ArrayList<>();
    private long start;

    Soak(Server service, Works works, long declared, int seconds, Report report) {
        this.service = service;
        this.works = works;
        this.declared = declared;
        this.seconds = seconds;
        this.report = report;
    }

    private interface Act {
        /** Returns the fault of the answer; empty if there is none. */
        String once(Exchange exchange) throws Exception;
    }

    /** One kind of call, again and again, so many a second; what is late was late from when it was due. */
    private final class Kind extends Thread {
        private final String name;
        private final double perSecond;
        private final Act act;
        private final List<long[]> done = new ArrayList<>();
        private final List<Long> wrong = new ArrayList<>();
        private String complaint = "";

        Kind(String name, double perSecond, Act act) {
            super(name);
            this.name = name;
            this.perSecond = perSecond;
            this.act = act;
        }

        @Override
        public void run() {
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            Exchange exchange = null;
            try {
                for (long i = 0; ; i++) {
                    long due = start + (long) (i / perSecond * 1e9);
                    if (due >= end) {
                        break;
                    }
                    long wait = due - System.nanoTime();
                    if (wait > 0) {
                        TimeUnit.NANOSECONDS.sleep(wait);
                    }
                    String trouble;
                    try {
                        exchange = exchange == null ? new Exchange(service.port()) : exchange;
                        trouble = act.once(exchange);
                    } catch (Exception broken) {
                        trouble = broken.toString();
                        exchange = null;
                    }
                    done.add(new long[] {due - start, System.nanoTime() - due});
                    if (!trouble.isEmpty()) {
                        wrong.add(due - start);
                        complaint = complaint.isEmpty() ? trouble : complaint;
                    }
                }
                if (exchange != null) {
                    exchange.close();
                }
            } catch (Exception interrupted) {
                complaint = interrupted.toString();
                wrong.add(0L);
            }
        }

        private String part(long from, long to, double part) {
            long[] sorted = done.stream()
                    .filter(one -> one[0] >= from && one[0] < to)
                    .mapToLong(one -> one[1])
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? "" : Report.decimal(sorted[(int) (part * (sorted.length - 1))] / 1e6);
        }

        private String errors(long from, long to) {
            return String.valueOf(wrong.stream().filter(at -> at >= from && at < to).count());
        }
    }

    void run() throws Exception {
        String key;
        try (Exchange exchange = new Exchange(service.port())) {
            key = OverHttp.openParty(exchange);
        }
        kinds.add(new Kind("one work", 150, exchange -> expect(exchange.ask("GET", path(asked(), true), null, null, ""), 200)));
        kinds.add(new Kind("one work, verdict", 150, exchange -> expect(exchange.ask("GET", path(asked(), false), null, null, ""), 200)));
        kinds.add(new Kind("1,000 works", 3, exchange -> all(exchange, BATCH, false)));
        kinds.add(new Kind("stream of 5,000", 0.5, exchange -> all(exchange, STREAM, true)));
        kinds.add(new Kind("range", 10, exchange -> {
            String prefix = String.format("%016x", Works.mix(next.incrementAndGet())).substring(0, 5);
            return expect(exchange.ask("GET", "/v1/range/" + prefix, null, null, ""), 200);
        }));
        kinds.add(new Kind("declare, look up", 20, exchange -> declare(exchange, key)));
        kinds.add(new Kind("declare 100 lines", 0.5, exchange -> lines(exchange, key)));
        kinds.add(new Kind("amend", 5, exchange -> change(exchange, key, true)));
        kinds.add(new Kind("withdraw, look up", 5, exchange -> change(exchange, key, false)));
        long heapBefore = service.heapAfterCollection();
        String memoryBefore = Machine.memory(service.pid());
        start = System.nanoTime();
        kinds.forEach(Thread::start);
        for (Kind kind : kinds) {
            kind.join();
        }
        long heapAfter = service.heapAfterCollection();
        long span = TimeUnit.SECONDS.toNanos(Math.min(60, Math.max(1, seconds / 2)));
        long end = TimeUnit.SECONDS.toNanos(seconds);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "call", "a second", "calls", "p50 first ms", "p99 first", "p50 last", "p99 last", "errors first",
                "errors last", "errors in all"));
        long errors = 0;
        for (Kind kind : kinds) {
            errors += kind.wrong.size();
            rows.add(List.of(
                    kind.name,
                    Report.decimal(kind.perSecond),
                    number(kind.done.size()),
                    kind.part(0, span, 0.5),
                    kind.part(0, span, 0.99),
                    kind.part(end - span, end, 0.5),
                    kind.part(end - span, end, 0.99),
                    kind.errors(0, span),
                    kind.errors(end - span, end),
                    kind.errors(0, Long.MAX_VALUE)));
        }
        report.section("Soak, " + seconds + " s");
        report.add("First and last " + span / 1_000_000_000L + " s of a run at set rates, each kind on a connection of its"
                + " own; a call that is late counts from when it was due.\n");
        report.table(rows);
        report.add("Heap after a collection: " + number(heapBefore / 1e6) + " MB before, " + number(heapAfter / 1e6)
                + " MB after; memory " + memoryBefore + " before, " + Machine.memory(service.pid()) + " after.\n");
        for (Kind kind : kinds) {
            if (!kind.complaint.isEmpty()) {
                report.add("- " + kind.name + ": " + kind.complaint.substring(0, Math.min(400, kind.complaint.length())));
            }
        }
        report.goal("errors in the soak", "0", number(errors), errors == 0);
    }

    private String asked() {
        return works.asked(next.incrementAndGet(), declared, false);
    }

    private static String path(String subject, boolean full) {
        return "/v1/lookup?subject=" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20")
                + (full ? "" : "&detail=verdict");
    }

    private static String expect(Exchange.Answer answer, int status) {
        return answer.status() == status ? "" : answer.head() + " " + answer.text();
    }

    private String all(Exchange exchange, int items, boolean lines) throws Exception {
        long from = next.getAndAdd(items);
        Exchange.Answer answer = exchange.ask(
                "POST",
                "/v1/lookups",
                null,
                lines ? OverHttp.LINES : OverHttp.JSON,
                OverHttp.body(works, declared, from, items, lines, false));
        int answers = answer.text().split("\\{\"id\":\"", -1).length - 1;
        return answer.status() == 200 && answers == items ? "" : answer.head() + " " + answers + " answers";
    }

    /** Far from what was declared before, and from run to run. */
    private String fresh() {
        return "url:https://soak.example/" + service.pid() + "/" + next.incrementAndGet();
    }

    private String declare(Exchange exchange, String key) throws Exception {
        String subject = fresh();
        Exchange.Answer answer = exchange.ask("POST", "/v1/declarations", key, OverHttp.JSON, statement(subject, "reserved"));
        if (answer.status() != 201) {
            return answer.head() + answer.text();
        }
        synchronized (standing) {
            standing.add(new String[] {Machine.find("\"id\":\"([^\"]+)\"", answer.text()), subject});
            if (standing.size() > MOST_KEPT) {
                standing.remove();
            }
        }
        return verdict(exchange, subject, "deny");
    }

    private static String statement(String subject, String stance) {
        return "{\"subjects\":[\"" + subject + "\"],\"stances\":{\"text-and-data-mining\":\"" + stance + "\"}}";
    }

    private static String verdict(Exchange exchange, String subject, String expected) throws Exception {
        String text = exchange.ask("GET", path(subject, false), null, null, "").text();
        return text.startsWith("{\"verdict\":\"" + expected + "\"") ? "" : "not " + expected + ": " + text;
    }

    private String lines(Exchange exchange, String key) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append(statement(fresh(), "reserved")).append('\n');
        }
        Exchange.Answer answer = exchange.ask("POST", "/v1/declarations/batch", key, OverHttp.LINES, lines.toString());
        return answer.status() == 200 && !answer.text().contains("problem") ? "" : answer.head() + answer.text();
    }

    private String change(Exchange exchange, String key, boolean amend) throws Exception {
        String[] one;
        synchronized (standing) {
            one = standing.poll();
        }
        if (one == null) {
            return "";
        }
        Exchange.Answer answer = amend
                ? exchange.ask("PUT", "/v1/declarations/" + one[0], key, OverHttp.JSON,
                        "{\"subjects\":[\"" + one[1] + "\"],\"stances\":{\"ai-training\":\"reserved\"}}")
                : exchange.ask("DELETE", "/v1/declarations/" + one[0], key, null, "");
        if (answer.status() / 100 != 2) {
            return answer.head() + answer.text();
        }
        return verdict(exchange, one[1], amend ? "deny" : "unknown");
    }
}
