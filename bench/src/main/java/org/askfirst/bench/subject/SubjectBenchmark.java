package org.askfirst.bench.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Strings to keys on one core: the work of a crawler before anything is looked up.
 *
 * <p>One operation is one line of the file, or one identifier. Lines come in turn, as a work list has them, so that
 * neither caches nor branches learn one of them.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Threads(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SubjectBenchmark {
    /** Addresses, as people wrote them. */
    @State(Scope.Thread)
    public static class Urls {
        /** A file with one address a line. */
        @Param("urls.txt")
        String file = "urls.txt";

        private String[] subjects = {};
        private Subject[] parsed = {};
        private int next;

        @Setup
        public void read() throws IOException {
            subjects = Files.readAllLines(Path.of(file)).stream().map(line -> "url:" + line).toArray(String[]::new);
            parsed = List.of(subjects).stream().map(Subject::parse).toArray(Subject[]::new);
        }

        String text() {
            next = next + 1 == subjects.length ? 0 : next + 1;
            return subjects[next];
        }

        Subject subject() {
            next = next + 1 == parsed.length ? 0 : next + 1;
            return parsed[next];
        }
    }

    /** Identifiers, as they are printed. */
    @State(Scope.Thread)
    public static class Identifiers {
        private final String[] texts = {
            "isbn:978-89-364-3412-0",
            "isbn:0-306-40615-2",
            "isbn:9780439023481",
            "issn:0378-5955",
            "isrc:KR-A30-15-00123",
            "iswc:T-034.524.680-1",
            "doi:10.1000/182",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "gtin:8801234567893",
            "isni:0000 0001 2103 2683",
            "uci:I410-ECN-0102-2023-500-000819813",
            "kcc:C-2023-012345"
        };
        private final byte[] bytes = new byte[40];
        private final MessageDigest digest = sha256();
        private int next;

        String text() {
            next = next + 1 == texts.length ? 0 : next + 1;
            return texts[next];
        }
    }

    @Benchmark
    public Subject urlParsed(Urls urls) {
        return Subject.parse(urls.text());
    }

    /** The usual case: the registrable domain has no rule, and no other key is needed. */
    @Benchmark
    public long urlGateMissing(Urls urls) {
        return Subject.parse(urls.text()).sitePrefilter().map(SubjectKey::prefix64).orElse(0L);
    }

    /** The registrable domain has some rule: the site prefilter, and then every key. */
    @Benchmark
    public long urlGateHit(Urls urls) {
        Subject subject = Subject.parse(urls.text());
        return subject.sitePrefilter().map(SubjectKey::prefix64).orElse(0L) ^ probed(subject.expand());
    }

    /** The expansion alone. */
    @Benchmark
    public long urlExpanded(Urls urls) {
        return probed(urls.subject().expand());
    }

    @Benchmark
    public long identifierKey(Identifiers identifiers) {
        return Subject.parse(identifiers.text()).key().prefix64();
    }

    @Benchmark
    public long identifierExpanded(Identifiers identifiers) {
        return probed(Subject.parse(identifiers.text()).expand());
    }

    /** The lower bound: one hash of a text of 40 bytes that is canonical already. */
    @Benchmark
    public byte[] hashAlone(Identifiers identifiers) {
        return identifiers.digest.digest(identifiers.bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static long probed(Expansion expansion) {
        long probed = 0;
        for (int i = 0; i < expansion.size(); i++) {
            probed ^= expansion.prefix64(i);
        }
        return probed;
    }
}
