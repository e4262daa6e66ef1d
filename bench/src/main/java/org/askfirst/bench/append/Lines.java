package org.askfirst.bench.append;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Server;

/** Many acts in one request, one line each. */
final class Lines {
    static final String JSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    private Lines() {}

    /**
     * Sends all lines in one request, and reads the answers meanwhile.
     *
     * @param opening the text before the first line
     * @return the answers
     */
    static String send(
            Server service, String path, String type, String key, String opening, int lines, IntFunction<String> line)
            throws IOException {
        StringBuilder text = new StringBuilder(opening);
        for (int i = 0; i < lines; i++) {
            text.append(line.apply(i));
        }
        byte[] request =
                Exchange.request("POST", path, key, type, text.toString().getBytes(StandardCharsets.UTF_8));
        try (Exchange client = new Exchange(service.port())) {
            return Exchange.accepted(client.ask(request, true));
        }
    }

    /** Requires that each line has an answer of the expected form, in order. */
    static void check(String answers, int lines, String expected) throws IOException {
        Pattern each = Pattern.compile(expected);
        String[] all = answers.strip().split("\r?\n", -1);
        if (all.length != lines) {
            throw new IOException(all.length + " answers, not " + lines);
        }
        for (String one : all) {
            if (!each.matcher(one).matches()) {
                throw new IOException(one);
            }
        }
    }
}
