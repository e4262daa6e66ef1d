package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.subject.internal.scheme.Resolver;
import org.askfirst.subject.internal.scheme.SchemeRules;
import org.askfirst.subject.internal.scheme.Shape;
import org.askfirst.subject.internal.web.SuffixList;
import org.junit.jupiter.api.Test;

/** The rules of all schemes are compatible: no two have the same label, rank, link or column name. */
class SchemeRulesTest {
    @Test
    void noTwoSchemesClaimTheSame() {
        Set<Object> claimed = new HashSet<>();
        for (SubjectScheme scheme : SubjectScheme.values()) {
            SchemeRules rules = scheme.rules();
            assertTrue(claimed.add("label " + scheme.wireName()), scheme::wireName);
            rules.labels().forEach(label -> assertTrue(claimed.add("label " + label), label));
            rules.columnNames().forEach(name -> assertTrue(claimed.add("column " + name), name));
            for (Shape shape : rules.shapes()) {
                assertTrue(claimed.add(shape.rank()), () -> scheme.wireName() + " " + shape);
            }
            for (Resolver resolver : rules.resolvers()) {
                assertTrue(claimed.add(resolver), resolver::host);
            }
        }
    }

    /** Rules name other schemes by text, which the compiler does not check. */
    @Test
    void whatContainsAnExampleIsOfAKnownScheme() {
        Set<String> reached = new TreeSet<>();
        for (SubjectScheme scheme : SubjectScheme.values()) {
            Subject example = Subject.parse(scheme.example());
            Expansion expansion = example.expand();
            assertEquals(scheme, example.scheme());
            assertEquals(
                    scheme.rules().specificity(example.value(), SuffixList.bundled()),
                    expansion.specificity(0),
                    scheme::wireName);
            for (int i = 1; i < expansion.size(); i++) {
                reached.add(expansion.scheme(i).wireName());
            }
        }
        assertEquals(
                Set.of("doi-prefix", "domain", "isbn-prefix", "iscc", "isrc-registrant", "uci-prefix", "under", "url"),
                reached);
    }
}
