package org.askfirst.engines.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.engines.DuckDbJoin;
import org.askfirst.engines.ParquetRelease;
import org.askfirst.engines.ReleaseWriter;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code askfirst-engines}. */
@Command(
        name = "askfirst-engines",
        description = "Joins a release of a registry with large tables.",
        version = Snapshot.VERSION,
        mixinStandardHelpOptions = true,
        subcommands = {Engines.Export.class, Engines.Duck.class, Spark.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the file was written; look into its column askfirst_verdict",
            "2:the command was not understood",
            "3:nothing could be learned: the release is refused or expired, or a file cannot be read"
        })
public final class Engines {
    static final int DONE = 0;
    private static final int NOTHING_LEARNED = 3;

    private Engines() {}

    /** Runs the command. It ends the process only if it fails: a cluster takes any exit within a job for a failure. */
    public static void main(String... arguments) {
        int code = command().execute(arguments);
        if (code != DONE) {
            System.exit(code);
        }
    }

    /** Returns the command, to be run in another process. */
    public static CommandLine command() {
        return new CommandLine(new Engines()).setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("askfirst-engines: " + failure.getMessage());
            return NOTHING_LEARNED;
        });
    }

    /** Reads a key that is given, or that a file has; null if there is none. */
    static @Nullable String key(@Nullable String given) throws IOException {
        return given == null || given.contains("+")
                ? given
                : Files.readString(Path.of(given)).strip();
    }

    /** The options of each command that answers. */
    static final class Asked {
        @Option(names = "--release", required = true, description = "The folder that export has written.")
        private String release = "";

        @Option(
                names = "--key",
                description = "The log's key, or a file with it. Default: that of the maker of the release.")
        private @Nullable String key;

        @Option(
                names = "--use",
                description = "A use that you intend; may be repeated. Default: text-and-data-mining, which is all of"
                        + " them.")
        private List<String> uses = List.of();

        @Option(
                names = "--column",
                description = "A column that names the work; may be repeated if several name it together. Default: url",
                defaultValue = "url")
        private List<String> columns = List.of("url");

        @Parameters(index = "0", description = "The table with the works.")
        private String input = "";

        @Parameters(index = "1", description = "The table that is written: the same rows with the answers.")
        private String output = "";

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        String release() {
            return release;
        }

        @Nullable String key() throws IOException {
            return Engines.key(key);
        }

        List<String> columns() {
            return columns;
        }

        String input() {
            return input;
        }

        String output() {
            return output;
        }

        Set<Use> uses() {
            Set<Use> asked = EnumSet.noneOf(Use.class);
            for (String name : uses) {
                asked.add(Use.named(name)
                        .orElseThrow(() -> new ParameterException(
                                Objects.requireNonNull(spec).commandLine(), "no such use: " + name)));
            }
            return asked.isEmpty() ? EnumSet.of(Use.TEXT_AND_DATA_MINING) : asked;
        }
    }

    /** {@code askfirst-engines export}. */
    @Command(
            name = "export",
            description = "Writes a copy that \"askfirst update\" has fetched as Parquet.",
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {
        @Option(
                names = "--copy",
                description = "The folder of the copy. Default: ${DEFAULT-VALUE}",
                defaultValue = "askfirst-copy")
        private Path copy = Path.of("askfirst-copy");

        @Option(names = "--key", description = "The log's key, or a file with it. Default: that of the copy.")
        private @Nullable String key;

        @Option(
                names = "--memory",
                description = "The limit of DuckDB's memory. Default: ${DEFAULT-VALUE}",
                defaultValue = "2GB")
        private String memory = "2GB";

        @Parameters(description = "The folder that is written.")
        private Path folder = Path.of("");

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, RefusedException {
            String logKey = Engines.key(key);
            if (logKey == null) {
                logKey = Files.readString(copy.resolve("log.key")).strip();
            }
            ParquetRelease release = new ReleaseWriter(folder, logKey, memory).write(Snapshot.open(copy, logKey));
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getErr()
                    .printf(
                            "%s has %,d rows in %,d bytes and equals %s at position %d. It may be used until %s.%n",
                            folder,
                            release.postings().rows(),
                            release.postings().bytes(),
                            release.catalog().log(),
                            release.catalog().position(),
                            release.catalog().expiresAt());
            return DONE;
        }
    }

    /** {@code askfirst-engines duckdb}. */
    @Command(
            name = "duckdb",
            description = {
                "Answers a table in Parquet, CSV or JSON lines with DuckDB, on this machine.",
                "Only allow is permission."
            },
            mixinStandardHelpOptions = true)
    static final class Duck implements Callable<Integer> {
        @CommandLine.Mixin
        private Asked asked = new Asked();

        @Option(
                names = "--memory",
                description = "The limit of DuckDB's memory. What does not fit goes to the disk. Default:"
                        + " ${DEFAULT-VALUE}",
                defaultValue = "4GB")
        private String memory = "4GB";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, RefusedException {
            new DuckDbJoin(Path.of(asked.release()), asked.key(), memory)
                    .answer(
                            Path.of(asked.input()),
                            asked.columns(),
                            asked.uses(),
                            Path.of(asked.output()),
                            Instant.now())
                    .forEach((answer, count) -> Objects.requireNonNull(spec)
                            .commandLine()
                            .getErr()
                            .printf("  %-32s %,12d%n", answer, count));
            return DONE;
        }
    }
}
