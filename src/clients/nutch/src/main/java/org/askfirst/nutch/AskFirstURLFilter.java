package org.askfirst.nutch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.nutch.net.URLFilter;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A URL filter of Nutch. Only {@code allow} passes, and no setting changes that.
 *
 * <p>Answers are not kept: each address is asked each time. Whatever goes wrong, here or at the registry, refuses the
 * address. Any number of threads may filter.
 */
public final class AskFirstURLFilter implements URLFilter {
    /** The folder of the copy on this machine. Required. */
    public static final String COPY = "askfirst.copy";

    /** The address or the folder of the snapshot. Without it, another program updates the copy. */
    public static final String SNAPSHOT = "askfirst.snapshot";

    /** The log's key, or a file with it. Without it, the key that {@code askfirst update} kept in the copy. */
    public static final String KEY = "askfirst.key";

    /** The uses that are intended, separated by commas. */
    public static final String USES = "askfirst.uses";

    /** The seconds between two updates of the copy. */
    public static final String REFRESH = "askfirst.refresh";

    /** The seconds for which addresses wait until the copy is loaded. */
    public static final String WAIT = "askfirst.wait";

    private static final Logger LOG = LoggerFactory.getLogger(AskFirstURLFilter.class);
    private static final int SECONDS = 60;
    private static final int COUNTED = 100_000;

    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final LongAdder asked = new LongAdder();
    private Set<Use> uses = Set.of();
    private @Nullable Configuration configuration;
    private @Nullable FollowedCopy copy;

    /** Creates a filter that refuses everything until it gets its configuration. */
    public AskFirstURLFilter() {}

    /**
     * Reads the settings and begins to follow the copy.
     *
     * @throws IllegalArgumentException if a setting is missing or wrong; then the job does not start
     */
    @Override
    public void setConf(@Nullable Configuration given) {
        configuration = given;
        copy = null;
        if (given == null) {
            return;
        }
        Set<Use> intended = EnumSet.noneOf(Use.class);
        for (String name : given.getTrimmedStringCollection(USES)) {
            intended.add(Use.named(name)
                    .orElseThrow(() -> new IllegalArgumentException(USES + " has " + name + "; the uses are "
                            + EnumSet.allOf(Use.class).stream()
                                    .map(Use::wireName)
                                    .collect(Collectors.joining(", ")))));
        }
        uses = intended.isEmpty() ? EnumSet.of(Use.TEXT_AND_DATA_MINING) : intended;
        String folder = given.getTrimmed(COPY, "");
        if (folder.isEmpty() || !Path.of(folder).isAbsolute()) {
            throw new IllegalArgumentException(COPY + " is the whole path of a folder for the copy of the snapshot");
        }
        String source = given.getTrimmed(SNAPSHOT, "");
        copy = FollowedCopy.at(new FollowedCopy.Place(
                Path.of(folder),
                key(Path.of(folder), given.getTrimmed(KEY, "")),
                source.isEmpty() ? null : source,
                seconds(given, REFRESH),
                seconds(given, WAIT)));
        LOG.info(
                "Ask First checks each address that Nutch filters: all of {} must be allowed. The copy in {} is updated"
                        + " {}. While it is missing, refused or expired, every address is refused.",
                uses.stream().map(Use::wireName).collect(Collectors.joining(", ")),
                folder,
                source.isEmpty() ? "by another program" : "from " + source);
        LOG.info("Ask First does not check: jobs with -noFilter, which bin/crawl uses for generate; addresses that are"
                + " fetched without fetcher.filter.urls=true; robots.txt; the content of pages.");
    }

    private static String key(Path folder, String given) {
        try {
            Path kept = folder.resolve("log.key");
            if (given.isEmpty() && !Files.exists(kept)) {
                throw new IllegalArgumentException(
                        KEY + " is the log's key, or a file with it; get it from somebody you trust");
            }
            return (given.contains("+") ? given : Files.readString(given.isEmpty() ? kept : Path.of(given))).strip();
        } catch (NoSuchFileException none) {
            throw new IllegalArgumentException(KEY + ": there is no file " + none.getMessage(), none);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(KEY + " cannot be read", unreadable);
        }
    }

    private static Duration seconds(Configuration given, String name) {
        int seconds = given.getInt(name, SECONDS);
        if (seconds < 1) {
            throw new IllegalArgumentException(name + " is a number of seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    @Override
    public @Nullable Configuration getConf() {
        return configuration;
    }

    /** Returns the address if it may be fetched, and null in every other case. */
    @Override
    public @Nullable String filter(@Nullable String address) {
        String cause;
        try {
            FollowedCopy now = copy;
            if (address == null) {
                return null;
            }
            cause = now == null ? FollowedCopy.ERROR : now.refusal(address, uses);
        } catch (RuntimeException | Error failed) {
            LOG.error("The check of {} failed", address, failed);
            cause = FollowedCopy.ERROR;
        }
        count(cause == null ? "allow" : cause);
        if (cause == null) {
            return address;
        }
        LOG.debug("No permission for {}: {}", address, cause);
        return null;
    }

    /** Returns how many addresses were answered in which way since the start: {@code allow}, or the cause of refusals. */
    Map<String, LongAdder> counts() {
        return counts;
    }

    private void count(String answer) {
        counts.computeIfAbsent(answer, name -> new LongAdder()).increment();
        asked.increment();
        if (asked.sum() % COUNTED == 0) {
            LOG.info("Ask First checked {} addresses: {}", asked, counts);
        }
    }
}
