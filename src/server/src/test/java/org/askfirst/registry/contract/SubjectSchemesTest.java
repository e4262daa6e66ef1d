package org.askfirst.registry.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the contract to naming every scheme, with an example that is one. */
class SubjectSchemesTest {
    @ParameterizedTest
    @EnumSource(SubjectScheme.class)
    void theContractNamesItWithACanonicalExample(SubjectScheme scheme) throws IOException {
        List<String> rows = Files.readAllLines(Path.of("openapi.yaml")).stream()
                .filter(line -> line.strip().startsWith("| `" + scheme.wireName() + "` |"))
                .toList();
        assertEquals(1, rows.size(), "rows of " + scheme.wireName());
        String example = rows.get(0).split("`", -1)[3];
        assertEquals(example, Subject.parse(example).canonical());
        assertEquals(scheme, Subject.parse(example).scheme());
        assertEquals(scheme.needsControl(), rows.get(0).contains("*"), "says that it needs control");
        assertTrue(example.startsWith(scheme.wireName() + ":"), example);
    }
}
