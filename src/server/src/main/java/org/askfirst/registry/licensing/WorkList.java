package org.askfirst.registry.licensing;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;

/**
 * The works of a license request as lines: one work a line, a canonical JSON array of its canonical subjects, each line
 * with its line feed. The confidential part of the request commits to the SHA-256 of these lines.
 */
final class WorkList {
    private final byte[] lines;

    private WorkList(byte[] lines) {
        this.lines = lines;
    }

    static WorkList of(List<List<Subject>> works) {
        StringBuilder text = new StringBuilder();
        for (List<Subject> work : works) {
            text.append(CanonicalJson.write(
                            work.stream().map(Subject::canonical).toList()))
                    .append('\n');
        }
        return new WorkList(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads what {@link #compressed} returned. */
    static WorkList decompress(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new WorkList(in.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Returns the lines in gzip. */
    byte[] compressed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(lines);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Returns the SHA-256 of the lines, 32 bytes. */
    byte[] sha256() {
        return Sha256.of(lines);
    }

    /**
     * Returns works in order.
     *
     * @param after the number of works to skip
     * @param limit the greatest number of works to return
     */
    List<List<Subject>> works(long after, int limit) {
        List<List<Subject>> works = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(lines), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null && works.size() < limit; line = reader.readLine()) {
                if (number++ >= after && CanonicalJson.parse(line) instanceof List<?> subjects) {
                    works.add(subjects.stream()
                            .map(subject -> Subject.ofStored(String.valueOf(subject)))
                            .toList());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return works;
    }
}
