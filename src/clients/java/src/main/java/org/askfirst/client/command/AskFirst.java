package org.askfirst.client.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.client.FilterCopy;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code askfirst}. */
@Command(
        name = "askfirst",
        description = "Asks before works are used: from a copy of a registry, or online.",
        version = Snapshot.VERSION,
        mixinStandardHelpOptions = true,
        subcommands = {AskFirst.Update.class, AskFirst.Verify.class, Check.class, Declare.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every asked work is allowed, or the command did its work",
            "1:at least one asked work is not allowed, or at least one file was not declared",
            "2:the command was not understood",
            "3:nothing could be learned: the copy is refused or expired, or the registry does not answer"
        })
public final class AskFirst {
    static final int ALLOWED = 0;
    static final int NOT_ALLOWED = 1;
    static final int NOTHING_LEARNED = 3;

    private AskFirst() {}

    /** Runs the command and ends the process. */
    public static void main(String... arguments) {
        System.exit(command().execute(arguments));
    }

    /** Returns the command, to be run in another process. */
    public static CommandLine command() {
        return new CommandLine(new AskFirst()).setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("askfirst: " + failure.getMessage());
            return NOTHING_LEARNED;
        });
    }

    /** The copy and the key that every command needs. */
    static final class Copy {
        @Option(
                names = "--copy",
                description = "The folder of the copy. Default: ${DEFAULT-VALUE}",
                defaultValue = "askfirst-copy")
        private Path folder = Path.of("askfirst-copy");

        @Option(
                names = "--key",
                description = "The log's key, or a file with it. It is kept in the copy at the first update.")
        private @Nullable String key;

        private Path keyFile() {
            return folder.resolve("log.key");
        }

        Snapshot open() throws IOException, RefusedException {
            return Snapshot.open(folder, key());
        }

        FilterCopy openFilters() throws IOException, RefusedException {
            return FilterCopy.open(folder.resolve("filters"), key());
        }

        private String key() throws IOException, RefusedException {
            String given = key;
            if (given != null) {
                String text = given.contains("+") ? given : Files.readString(Path.of(given));
                if (Files.exists(keyFile())
                        && !Files.readString(keyFile()).strip().equals(text.strip())) {
                    throw new RefusedException(Refusal.BAD_SIGNATURE, "the copy was made with another key");
                }
                return text.strip();
            }
            if (!Files.exists(keyFile())) {
                throw new RefusedException(
                        Refusal.BAD_SIGNATURE,
                        "give the log's key with --key at the first time; get it from somebody you trust");
            }
            return Files.readString(keyFile()).strip();
        }

        /** Keeps the key for the next time. */
        void keepKey() throws IOException, RefusedException {
            if (!Files.exists(keyFile())) {
                Path next = folder.resolve("log.key.unfinished");
                Files.writeString(next, key() + "\n");
                Files.move(next, keyFile(), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** {@code askfirst update}. */
    @Command(name = "update", description = "Fetches what has changed, and checks it.", mixinStandardHelpOptions = true)
    static final class Update implements Callable<Integer> {
        @CommandLine.Mixin
        private Copy copy = new Copy();

        @CommandLine.Parameters(description = "The folder of the snapshot, such as https://registry.example/snapshot/")
        private String from = "";

        @Option(
                names = "--filter",
                description = "Fetches the filters only, which are some 25 times smaller, for check --filter.")
        private boolean filter;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, RefusedException {
            PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
            SnapshotSource source = SnapshotSource.of(from);
            Consumer<SnapshotFile> progress = file -> err.printf("fetching %s, %,d bytes%n", file.path(), file.bytes());
            Catalog catalog = filter
                    ? copy.openFilters().update(source, progress)
                    : copy.open().update(source, progress);
            copy.keepKey();
            err.printf(
                    "The copy equals %s at position %d. It may be used until %s.%n",
                    catalog.log(), catalog.position(), catalog.expiresAt());
            return ALLOWED;
        }
    }

    /** {@code askfirst verify}. */
    @Command(
            name = "verify",
            description = "Compares every byte of the copy with the hashes that were signed.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @CommandLine.Mixin
        private Copy copy = new Copy();

        @Option(names = "--filter", description = "Compares the filters of the copy instead of its segments.")
        private boolean filter;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, RefusedException {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            Catalog catalog = Objects.requireNonNull(filter ? verifiedFilters() : verified());
            out.println("log          " + catalog.log());
            out.println("position     " + catalog.position());
            out.println("issued at    " + catalog.issuedAt());
            out.println("expires at   " + catalog.expiresAt());
            if (!catalog.expiresAt().isAfter(Instant.now())) {
                throw new RefusedException(Refusal.EXPIRED, "run update");
            }
            return ALLOWED;
        }

        private @Nullable Catalog verified() throws IOException, RefusedException {
            Snapshot snapshot = copy.open();
            snapshot.verify();
            return snapshot.catalog();
        }

        private @Nullable Catalog verifiedFilters() throws IOException, RefusedException {
            FilterCopy filters = copy.openFilters();
            filters.verify();
            return filters.catalog();
        }
    }
}
