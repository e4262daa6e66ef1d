package org.askfirst.registry.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the map of packages: which package may use which, without a cycle, and nothing else. */
class HouseTest {
    private static final String CORE = "org.askfirst";
    private static final String SERVER = "org.askfirst.registry";

    /**
     * One package of the map.
     *
     * @param is what it is for; docs/ARCHITECTURE.md has the same line
     * @param uses the packages that it may use
     */
    private record Room(String name, String is, Set<String> uses) {}

    /** A new package is put on this map with a sentence, and with the packages that it may use. */
    private static final List<Room> MAP = List.of(
            room("tlog", "Merkle trees and the text formats of transparency logs, as values"),
            room("problem", "the catalogue of refusals"),
            room("json", "canonical JSON"),
            room("id", "ids that the registry gives"),
            room("subject", "names of works: parsing, canonical form, key, expansion", "problem"),
            room("verdict", "the judgement: how statements combine into a verdict", "id", "subject"),
            room("license", "the terms of licenses and their prices, as values", "json", "verdict"),
            room(
                    "entry",
                    "what the ledger records of each act",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "license"),
            room("index", "the lookup index: mapped segments and a delta", "id", "subject", "verdict", "entry"),
            room("filter", "small files from which a client learns what is not declared", "subject", "index"),
            room("catalog", "the files of a snapshot and their signed list", "json", "subject", "index", "filter"),
            room(
                    "client",
                    "the Java client: a verified copy of a snapshot, and the command askfirst",
                    "tlog",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "index",
                    "filter",
                    "catalog"),
            room("postgres", "PostgreSQL tools: COPY, arrays, columns", "subject"),
            room("files", "files that only the service's user can read"),
            room("http", "what all resources share: strict JSON, lines, problems", "problem", "subject"),
            room(
                    "mirror",
                    "a node that answers from a copy of another registry's snapshot, without a database",
                    "client",
                    "files",
                    "problem",
                    "index",
                    "catalog",
                    "http"),
            room("telemetry", "ids of requests, their meters, the security log", "subject", "http"),
            room("fetch", "reads names and pages of strangers, public addresses only", "subject"),
            room("table", "reads CSV, TSV and XLSX of any layout", "problem", "subject"),
            room("erasure", "erases what names a person, each package's part in one order", "id", "entry"),
            room(
                    "ledger",
                    "the append-only truth: append, rules, projections, followers",
                    "mirror",
                    "tlog",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "erasure"),
            room(
                    "measure",
                    "measures of the operator: what is hidden, who is restricted",
                    "mirror",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "erasure",
                    "ledger"),
            room(
                    "transparency",
                    "checkpoints, proofs, receipts",
                    "mirror",
                    "files",
                    "tlog",
                    "problem",
                    "json",
                    "subject",
                    "entry",
                    "postgres",
                    "http",
                    "ledger",
                    "measure"),
            room(
                    "feed",
                    "changes since a position, and the live stream",
                    "tlog",
                    "problem",
                    "id",
                    "entry",
                    "http",
                    "ledger",
                    "measure"),
            room(
                    "party",
                    "accounts, API keys, notices",
                    "mirror",
                    "problem",
                    "id",
                    "subject",
                    "entry",
                    "postgres",
                    "http",
                    "ledger",
                    "measure"),
            room("passkey", "passkeys of parties", "problem", "id", "subject", "postgres", "http", "erasure", "party"),
            room(
                    "budget",
                    "the budgets of strangers for a day",
                    "problem",
                    "id",
                    "subject",
                    "entry",
                    "postgres",
                    "erasure",
                    "ledger",
                    "party",
                    "measure"),
            room(
                    "control",
                    "proof of control",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "fetch",
                    "erasure",
                    "ledger",
                    "party",
                    "budget",
                    "trust"),
            room(
                    "webhook",
                    "posts notices to the addresses of parties",
                    "problem",
                    "id",
                    "subject",
                    "postgres",
                    "http",
                    "fetch",
                    "erasure",
                    "party"),
            room(
                    "mail",
                    "sends notices, messages and links to the e-mail addresses of parties",
                    "mirror",
                    "problem",
                    "http",
                    "id",
                    "subject",
                    "postgres",
                    "erasure",
                    "party"),
            room(
                    "trust",
                    "decisions about parties, vouching",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "budget"),
            room(
                    "contact",
                    "links that verify contacts, and messages to parties",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "budget",
                    "mail",
                    "control",
                    "trust"),
            room(
                    "mandate",
                    "who may declare for whom",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "table",
                    "erasure",
                    "ledger",
                    "party",
                    "trust",
                    "submission"),
            room(
                    "succession",
                    "recovery of keys, transfer of accounts",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "budget",
                    "control",
                    "trust",
                    "webhook",
                    "passkey",
                    "quota"),
            room(
                    "dispute",
                    "rejections, disputes and decisions about statements",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "control",
                    "trust",
                    "mandate",
                    "statement",
                    "measure"),
            room(
                    "operator",
                    "the operator's own acts",
                    "files",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "erasure",
                    "http",
                    "ledger",
                    "party",
                    "budget",
                    "control",
                    "trust",
                    "succession",
                    "dispute",
                    "measure",
                    "statement"),
            room(
                    "statement",
                    "what is in force now and what was before",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "erasure",
                    "ledger"),
            room(
                    "submission",
                    "many lines in one request, and requests that are sent twice",
                    "problem",
                    "subject",
                    "postgres",
                    "http",
                    "ledger",
                    "party"),
            room(
                    "declaration",
                    "declares, amends, withdraws",
                    "tlog",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "http",
                    "table",
                    "ledger",
                    "transparency",
                    "party",
                    "control",
                    "mandate",
                    "statement",
                    "dispute",
                    "quota",
                    "submission",
                    "measure"),
            room(
                    "repertoire",
                    "lists of works that one declaration covers",
                    "problem",
                    "id",
                    "subject",
                    "entry",
                    "http",
                    "ledger",
                    "party",
                    "mandate",
                    "statement",
                    "submission",
                    "declaration",
                    "measure"),
            room(
                    "imports",
                    "files that are declared row by row",
                    "files",
                    "problem",
                    "id",
                    "subject",
                    "entry",
                    "postgres",
                    "http",
                    "table",
                    "erasure",
                    "ledger",
                    "party",
                    "budget",
                    "mandate",
                    "declaration"),
            room("recognition", "recognises works in the text of a person", "problem", "subject", "http"),
            room(
                    "indexing",
                    "keeps this node's index current",
                    "mirror",
                    "tlog",
                    "problem",
                    "subject",
                    "verdict",
                    "entry",
                    "index",
                    "ledger",
                    "transparency",
                    "control",
                    "trust",
                    "mandate",
                    "statement",
                    "dispute"),
            room(
                    "offer",
                    "offers of licenses, and who can grant one for a work",
                    "mirror",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "license",
                    "entry",
                    "index",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "measure",
                    "statement",
                    "indexing"),
            room(
                    "grant",
                    "grants of licenses: given, ended, and found for their licensee",
                    "files",
                    "mirror",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "license",
                    "entry",
                    "index",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "transparency",
                    "party",
                    "trust",
                    "statement",
                    "submission",
                    "indexing",
                    "offer"),
            room("quota", "how much each asker may ask", "mirror", "problem", "id", "subject", "http", "party"),
            room(
                    "search",
                    "finds works and parties by title, creator, name and identifier",
                    "mirror",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "control",
                    "trust",
                    "measure",
                    "statement",
                    "quota"),
            room(
                    "account",
                    "a party's own view of its account, and its public data",
                    "problem",
                    "id",
                    "verdict",
                    "http",
                    "party",
                    "passkey",
                    "budget",
                    "control",
                    "trust",
                    "succession",
                    "statement",
                    "quota",
                    "measure"),
            room(
                    "asked",
                    "counts lookups, and certifies them",
                    "mirror",
                    "tlog",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "index",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "transparency",
                    "party",
                    "mandate",
                    "statement",
                    "measure"),
            room(
                    "lookup",
                    "answers what crawlers ask",
                    "mirror",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "index",
                    "http",
                    "ledger",
                    "transparency",
                    "party",
                    "control",
                    "trust",
                    "mandate",
                    "statement",
                    "dispute",
                    "declaration",
                    "indexing",
                    "asked",
                    "quota",
                    "measure",
                    "search",
                    "offer",
                    "license",
                    "grant"),
            room(
                    "licensing",
                    "license requests and their clocks, up to an agreement",
                    "mirror",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "license",
                    "entry",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "transparency",
                    "party",
                    "budget",
                    "offer",
                    "grant"),
            room(
                    "olp",
                    "the Open License Protocol of RSL: tokens of licenses, and what they permit",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "license",
                    "index",
                    "postgres",
                    "http",
                    "erasure",
                    "ledger",
                    "party",
                    "quota",
                    "indexing",
                    "offer",
                    "grant",
                    "licensing"),
            room(
                    "report",
                    "usage reports of grants, and the statements that follow from them",
                    "mirror",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "license",
                    "entry",
                    "index",
                    "postgres",
                    "http",
                    "table",
                    "erasure",
                    "ledger",
                    "transparency",
                    "party",
                    "budget",
                    "indexing",
                    "grant"),
            room(
                    "range",
                    "private lookups by buckets of keys",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "index",
                    "http",
                    "indexing",
                    "quota"),
            room(
                    "snapshot",
                    "the index as signed files for everybody",
                    "files",
                    "problem",
                    "catalog",
                    "transparency",
                    "indexing"),
            room("statistics", "the registry in numbers", "mirror", "entry", "ledger"),
            room("witness", "cosigns the checkpoints of logs, for anyone to run", "tlog", "files", "transparency"),
            room(
                    "testsite",
                    "a site with every signal and failure, for authors of crawlers",
                    "tlog",
                    "problem",
                    "json",
                    "id",
                    "subject",
                    "verdict",
                    "index",
                    "catalog"),
            room("embedded", "the PostgreSQL that comes along", "files"),
            room("backup", "the whole database in one file, and back", "files"),
            room(
                    "ops",
                    "starts, stops, rebuilds, verifies, backs up and restores",
                    "files",
                    "client",
                    "mirror",
                    "id",
                    "subject",
                    "catalog",
                    "ledger",
                    "transparency",
                    "party",
                    "operator",
                    "indexing",
                    "search",
                    "grant",
                    "backup",
                    "embedded",
                    "witness",
                    "testsite",
                    "snapshot"),
            room(
                    "web",
                    "the contract and the pages, with the answer that a lookup gives now",
                    "mirror",
                    "problem",
                    "id",
                    "subject",
                    "verdict",
                    "entry",
                    "http",
                    "ledger",
                    "transparency",
                    "measure",
                    "party",
                    "statement",
                    "declaration",
                    "account",
                    "quota",
                    "lookup"));

    /** The packages that an offline client and a bulk job load: plain Java. */
    private static final Set<String> PLAIN = Set.of(
            "tlog", "problem", "json", "id", "subject", "verdict", "license", "entry", "index", "filter", "catalog");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("testkit")
                    && !location.contains("tests.jar")
                    && !location.contains("test-classes"))
            .importPackages(CORE);

    private static Room room(String name, String is, String... uses) {
        return new Room(name, is, Set.of(uses));
    }

    @TestFactory
    List<DynamicTest> everyPackageUsesWhatTheMapSaysAndNothingElse() {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass one : HOUSE) {
            String from = roomOf(one).orElse("");
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                roomOf(dependency.getTargetClass().getBaseComponentType())
                        .filter(to -> !to.equals(from))
                        .ifPresent(to -> used.computeIfAbsent(from, any -> new TreeSet<>())
                                .add(to));
            }
        }
        return MAP.stream()
                .map(room -> DynamicTest.dynamicTest(
                        room.name(),
                        () -> assertEquals(
                                new TreeSet<>(room.uses()),
                                used.getOrDefault(room.name(), Set.of()),
                                "arrows of " + room.name())))
                .toList();
    }

    @Test
    void everyPackageIsOnTheMap() {
        Set<String> known = MAP.stream().map(Room::name).collect(Collectors.toSet());
        TreeSet<String> unknown = new TreeSet<>();
        for (JavaClass one : HOUSE) {
            if (roomOf(one).filter(known::contains).isEmpty()) {
                unknown.add(one.getName());
            }
        }
        assertEquals(new TreeSet<>(), unknown, "classes in no package of the map");
        assertEquals(MAP.size(), known.size(), "a package is on the map twice");
        assertTrue(HOUSE.size() > 0, "nothing was imported: the test would pass for an empty house");
    }

    @Test
    void noPackagesFormACycle() {
        SlicesRuleDefinition.slices()
                .matching(SERVER + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
        SlicesRuleDefinition.slices()
                .matching(CORE + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
    }

    @Test
    void internalPackagesAreUsedByTheirOwnPackageOnly() {
        TreeSet<String> breaches = new TreeSet<>();
        for (JavaClass one : HOUSE) {
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                int inside = target.indexOf(".internal");
                if (target.startsWith(CORE)
                        && inside >= 0
                        && !one.getPackageName().startsWith(target.substring(0, inside))) {
                    breaches.add(one.getName() + " uses " + target);
                }
            }
        }
        assertEquals(new TreeSet<>(), breaches);
    }

    @TestFactory
    List<DynamicTest> whatAnOfflineClientLoadsIsPlainJava() {
        return PLAIN.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> classes()
                                .that()
                                .resideInAPackage(CORE + "." + name + "..")
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage(
                                        "java.lang..",
                                        "java.util..",
                                        "java.net",
                                        "java.nio..",
                                        "java.io",
                                        "java.math",
                                        "java.text",
                                        "java.time..",
                                        "java.security..",
                                        "org.jspecify.annotations",
                                        "crawlercommons.domains",
                                        "org.erdtman.jcs",
                                        "org.joda.money",
                                        CORE + "..")
                                .check(HOUSE)))
                .toList();
    }

    private static Optional<String> roomOf(JavaClass one) {
        String name = one.getPackageName();
        String root = name.startsWith(SERVER + ".") ? SERVER : CORE;
        return name.startsWith(root + ".")
                ? Optional.of(name.substring(root.length() + 1).split("\\.", 2)[0])
                : Optional.empty();
    }
}
