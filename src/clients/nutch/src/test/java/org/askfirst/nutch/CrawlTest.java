package org.askfirst.nutch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.apache.nutch.crawl.CrawlDatum;
import org.apache.nutch.crawl.Generator;
import org.apache.nutch.crawl.Injector;
import org.apache.nutch.fetcher.Fetcher;
import org.apache.nutch.net.URLFilterException;
import org.apache.nutch.net.URLFilters;
import org.apache.nutch.util.NutchConfiguration;
import org.askfirst.client.TestRegistry;
import org.askfirst.verdict.Stance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the plug-in as it is installed, loaded and run by Nutch itself. */
class CrawlTest {
    private static final String FREE = "https://art.example/free/1.png";
    private static final String ASKED = "https://art.example/asked/1.png";
    private static final String SILENT = "https://elsewhere.example/1.png";

    @TempDir
    Path home = Path.of("");

    private TestRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(home.resolve("registry"));
        registry.declare(1, "under:https://art.example/free/", Stance.PERMITTED);
        registry.declare(1, "under:https://art.example/asked/", Stance.RESERVED);
        registry.prove(1, "domain:art.example");
        registry.publish(Instant.now());
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private Configuration configuration() {
        Configuration configuration = NutchConfiguration.create();
        configuration.set(
                "plugin.folders",
                System.getProperty("askfirst.plugins") + ","
                        + Path.of("src/test/plugins").toAbsolutePath());
        configuration.set("plugin.includes", "urlfilter-askfirst|nutch-extensionpoints|protocol-test");
        configuration.set("hadoop.tmp.dir", home.resolve("hadoop").toString());
        configuration.set("askfirst.copy", home.resolve("copy").toString());
        configuration.set("askfirst.key", registry.key());
        configuration.set("askfirst.uses", "ai-training");
        configuration.set("askfirst.snapshot", registry.folder.toString());
        configuration.setInt("askfirst.wait", 2);
        return configuration;
    }

    private org.apache.hadoop.fs.Path crawlDb() {
        return new org.apache.hadoop.fs.Path(home.resolve("crawldb").toUri());
    }

    private void inject(Configuration configuration, String... addresses)
            throws IOException, ClassNotFoundException, InterruptedException {
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        Files.write(seeds.resolve("seeds.txt"), List.of(addresses));
        new Injector(configuration).inject(crawlDb(), new org.apache.hadoop.fs.Path(seeds.toUri()));
    }

    /** Generates fetch lists and returns the addresses in them. */
    private Set<String> generated(Configuration configuration)
            throws IOException, ClassNotFoundException, InterruptedException {
        org.apache.hadoop.fs.Path[] segments = new Generator(configuration)
                .generate(
                        crawlDb(),
                        new org.apache.hadoop.fs.Path(home.resolve("segments").toUri()),
                        1,
                        100,
                        System.currentTimeMillis());
        Set<String> addresses = new TreeSet<>();
        if (segments != null) {
            for (org.apache.hadoop.fs.Path segment : segments) {
                addresses.addAll(addresses(configuration, Path.of(segment.toUri())));
            }
        }
        return addresses;
    }

    private static Set<String> addresses(Configuration configuration, Path folder) throws IOException {
        Set<String> addresses = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("part-") || name.equals("data")) {
                    try (SequenceFile.Reader reader = new SequenceFile.Reader(
                            configuration, SequenceFile.Reader.file(new org.apache.hadoop.fs.Path(file.toUri())))) {
                        Text address = new Text();
                        CrawlDatum datum = new CrawlDatum();
                        while (reader.next(address, datum)) {
                            addresses.add(address.toString());
                        }
                    }
                }
            }
        }
        return addresses;
    }

    @Test
    void nutchLoadsThePluginFromItsFolder() throws URLFilterException {
        URLFilters filters = new URLFilters(configuration());
        assertEquals(1, filters.getFilters().length);
        assertEquals("AskFirstURLFilter", filters.getFilters()[0].getClass().getSimpleName());
        assertEquals(
                "org.apache.nutch.plugin.PluginClassLoader",
                filters.getFilters()[0].getClass().getClassLoader().getClass().getName());
        assertEquals(FREE, filters.filter(FREE));
        assertNull(filters.filter(ASKED));
        assertNull(filters.filter(SILENT));
    }

    @Test
    void theJarHasTheTextsOfTheLicenses() throws IOException {
        Path jar = Path.of(System.getProperty("askfirst.plugins"), "urlfilter-askfirst", "urlfilter-askfirst.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            assertEquals(
                    Files.readString(Path.of("../../../LICENSE")), Files.readString(files.getPath("META-INF/LICENSE")));
            assertTrue(
                    Files.readString(files.getPath("META-INF/THIRD-PARTY.txt")).contains("Joda-Money"));
        }
    }

    @Test
    void aWrongSettingStopsNutch() {
        Configuration wrong = configuration();
        wrong.set("askfirst.uses", "everything");
        assertThrows(RuntimeException.class, () -> new URLFilters(wrong));
    }

    @Test
    void onlyPermittedAddressesAreInjected() throws IOException, ClassNotFoundException, InterruptedException {
        inject(configuration(), FREE, ASKED, SILENT);
        assertEquals(Set.of(FREE), addresses(configuration(), home.resolve("crawldb")));
    }

    @Test
    void addressesInTheCrawlDbAreAskedAgainBeforeEachFetchList()
            throws IOException, ClassNotFoundException, InterruptedException {
        Configuration without = configuration();
        without.set("plugin.includes", "nutch-extensionpoints|protocol-test");
        inject(without, FREE, ASKED, SILENT);
        assertEquals(Set.of(FREE, ASKED, SILENT), addresses(without, home.resolve("crawldb")));

        // No copy, no fetch list. Nothing of that is kept: with a copy there is one.
        Configuration noCopy = configuration();
        noCopy.unset("askfirst.snapshot");
        noCopy.set("askfirst.copy", home.resolve("none").toString());
        assertEquals(Set.of(), generated(noCopy));
        assertEquals(Set.of(FREE), generated(configuration()));
    }

    @Test
    void theFetcherAsksAgainAndAsksAboutRedirects() throws IOException, ClassNotFoundException, InterruptedException {
        String moved = "https://art.example/free/moved?to=";
        // The list is generated without the filter, as bin/crawl does.
        Configuration without = configuration();
        without.set("plugin.includes", "nutch-extensionpoints|protocol-test");
        inject(without, FREE, ASKED, SILENT, moved + ASKED, moved + "https://art.example/free/2.png");
        assertEquals(5, generated(without).size());

        Configuration fetching = configuration();
        fetching.setBoolean("fetcher.filter.urls", true);
        fetching.set("http.agent.name", "test");
        fetching.setInt("http.redirect.max", 2);
        fetching.set("fetcher.server.delay", "0");
        NotedFetches.FETCHED.clear();
        fetch(fetching);
        assertEquals(
                new TreeSet<>(Set.of(
                        FREE,
                        moved + ASKED,
                        moved + "https://art.example/free/2.png",
                        "https://art.example/free/2.png")),
                NotedFetches.FETCHED);
    }

    private void fetch(Configuration configuration) throws IOException, ClassNotFoundException, InterruptedException {
        try (Stream<Path> segments = Files.list(home.resolve("segments"))) {
            for (Path segment : (Iterable<Path>) segments::iterator) {
                new Fetcher(configuration).fetch(new org.apache.hadoop.fs.Path(segment.toUri()), 2);
            }
        }
    }
}
