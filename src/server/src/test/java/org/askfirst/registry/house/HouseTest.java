package org.askfirst.registry.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the floors: a package sees only floors below its own, and neighbours on a floor never meet. */
class HouseTest {
    private static final String ROOT = "org.askfirst";

    /** A new package must be given a floor here, and a line in docs/ARCHITECTURE.md. */
    private static final Map<String, Integer> FLOORS = new TreeMap<>(Map.ofEntries(
            Map.entry("problem", 0),
            Map.entry("merkle", 0),
            Map.entry("subject", 1),
            Map.entry("declaration", 2),
            Map.entry("erasure", 3),
            Map.entry("index", 3),
            Map.entry("protocol", 3),
            Map.entry("http", 3),
            Map.entry("probe", 3),
            Map.entry("sheet", 3),
            Map.entry("ledger", 4),
            Map.entry("party", 5),
            Map.entry("standing", 5),
            Map.entry("feed", 5),
            Map.entry("transparency", 5),
            Map.entry("figures", 6),
            Map.entry("intake", 6),
            Map.entry("lookup", 6),
            Map.entry("snapshot", 6),
            Map.entry("ops", 7),
            Map.entry("web", 7)));

    /** What a crawler's offline client and a bulk job load. */
    private static final Set<String> PLAIN = Set.of("problem", "merkle", "subject", "declaration", "index");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @TestFactory
    List<DynamicTest> everyPackageSeesOnlyTheFloorsBelow() {
        List<DynamicTest> tests = new ArrayList<>();
        FLOORS.forEach((name, floor) -> {
            String[] allowed = FLOORS.entrySet().stream()
                    .filter(other -> other.getKey().equals(name) || other.getValue() < floor)
                    .map(other -> ROOT + "." + other.getKey() + "..")
                    .toArray(String[]::new);
            tests.add(DynamicTest.dynamicTest(
                    name,
                    () -> noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + name + "..")
                            .should()
                            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
                                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                            JavaClass.Predicates.resideInAnyPackage(allowed))))
                            .allowEmptyShould(true)
                            .check(HOUSE)));
        });
        return tests;
    }

    @Test
    void everyPackageHasAFloor() {
        TreeSet<String> homeless = new TreeSet<>();
        for (JavaClass one : HOUSE) {
            if (floorOf(one).isEmpty()) {
                homeless.add(one.getName());
            }
        }
        assertEquals(new TreeSet<>(), homeless, "classes in no known package");
        assertTrue(HOUSE.size() > 0, "nothing was imported: the test would hold of an empty house");
    }

    @TestFactory
    List<DynamicTest> whatAnOfflineClientLoadsIsPlainJava() {
        return PLAIN.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> classes()
                                .that()
                                .resideInAPackage(ROOT + "." + name + "..")
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
                                        "com.google.errorprone.annotations..",
                                        "crawlercommons.domains",
                                        "org.erdtman.jcs",
                                        ROOT + "..")
                                .allowEmptyShould(true)
                                .check(HOUSE)))
                .toList();
    }

    private static Optional<Integer> floorOf(JavaClass one) {
        String rest = one.getPackageName().substring(ROOT.length());
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        String first = rest.substring(1).split("\\.", 2)[0];
        return Optional.ofNullable(FLOORS.get(first));
    }
}
