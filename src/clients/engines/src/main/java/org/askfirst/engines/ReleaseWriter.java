package org.askfirst.engines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.index.IndexView;
import org.askfirst.index.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Writes a release as Parquet, in memory that does not grow with the number of keys.
 *
 * <p>A reader sees a complete release at each moment: the list of the files is replaced in one step, and the files of the
 * release before it stay until the next one.
 */
public final class ReleaseWriter {
    static final List<TableColumn> SITE_COLUMNS = List.of(TableColumn.number("prefix"));

    private final Path folder;
    private final String logKey;
    private final String memory;

    /**
     * Creates a writer.
     *
     * @param folder the folder of the release, which is created
     * @param logKey the verifier key of the log
     * @param memory the limit of DuckDB's memory, such as {@code 2GB}
     */
    public ReleaseWriter(Path folder, String logKey, String memory) {
        this.folder = folder;
        this.logKey = logKey;
        this.memory = memory;
    }

    /**
     * Writes the content of a copy.
     *
     * @return the list of the files
     * @throws RefusedException if the copy cannot be used
     */
    public ParquetRelease write(Snapshot copy) throws IOException, RefusedException {
        Files.createDirectories(folder);
        copy.export(folder.resolve("joined.segment"), this::write);
        return ParquetRelease.open(folder, logKey, Instant.now());
    }

    /** Writes a segment that equals a signed catalogue. */
    void write(Segment segment, Catalog catalog, String json) throws IOException {
        long position = catalog.position();
        if (segment.origin().position() != position) {
            throw new IOException("the segment is not of the position of the catalogue");
        }
        Files.createDirectories(folder);
        ParquetRelease release = new ParquetRelease(
                catalog,
                json,
                logKey.strip(),
                segment.origin().suffixes(),
                write("postings", position, PostingTable.COLUMNS, values(segment.rows(), PostingTable::values)),
                write(
                        "register",
                        position,
                        RegisterTable.COLUMNS,
                        RegisterTable.rows(IndexView.of(segment).partySnapshot())
                                .iterator()),
                write(
                        "sites",
                        position,
                        SITE_COLUMNS,
                        values(segment.sitePrefilterPrefixes().boxed().iterator(), prefix -> new Object[] {prefix})));
        replace("duckdb.sql", Guides.duckDb(release));
        replace("spark.py", Guides.spark());
        replace("croissant.json", Guides.croissant(release));
        replace(ParquetRelease.FILE, release.json());
        sweep(release);
    }

    private static <T> Iterator<@Nullable Object[]> values(Iterator<T> all, Function<T, @Nullable Object[]> values) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public @Nullable Object[] next() {
                return values.apply(all.next());
            }
        };
    }

    private ReleaseFile write(String table, long position, List<TableColumn> columns, Iterator<@Nullable Object[]> rows)
            throws IOException {
        String path = ParquetRelease.path(table, position);
        Path unfinished = folder.resolve(path + ".unfinished");
        long count;
        try (DuckDb duckDb = new DuckDb(folder.resolve("scratch"), memory)) {
            duckDb.write("askfirst_" + table, columns, rows, unfinished);
            count = Long.parseLong(
                    duckDb.texts("SELECT count(*) FROM read_parquet(" + DuckDb.quoted(unfinished.toString()) + ")")
                            .get(0));
        } catch (SQLException failed) {
            throw new IOException(path + " cannot be written: " + failed.getMessage(), failed);
        }
        String hash;
        try (InputStream in = Files.newInputStream(unfinished)) {
            hash = ReleaseFile.hash(in);
        }
        ReleaseFile file = new ReleaseFile(path, Files.size(unfinished), hash, count);
        Files.move(
                unfinished, folder.resolve(path), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    private void replace(String name, String text) throws IOException {
        Path next = folder.resolve(name + ".unfinished");
        Files.write(next, text.getBytes(StandardCharsets.UTF_8));
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes all Parquet files but those of this release and of the newest one before it. */
    private void sweep(ParquetRelease release) throws IOException {
        Set<String> used = new HashSet<>();
        release.files().forEach(file -> used.add(file.path()));
        for (ReleaseFile file : release.files()) {
            String table = file.path().substring(0, file.path().indexOf('-') + 1);
            try (Stream<Path> all = Files.list(folder)) {
                List<Path> older = all.filter(
                                path -> path.getFileName().toString().startsWith(table)
                                        && path.getFileName().toString().endsWith(".parquet")
                                        && !used.contains(path.getFileName().toString()))
                        .sorted()
                        .toList();
                for (Path path : older.subList(0, Math.max(0, older.size() - 1))) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
