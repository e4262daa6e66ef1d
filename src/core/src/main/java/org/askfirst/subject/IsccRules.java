package org.askfirst.subject;

import java.util.List;
import java.util.stream.Stream;
import org.askfirst.subject.internal.scheme.Containers;
import org.askfirst.subject.internal.scheme.IdentifierRules;
import org.askfirst.subject.internal.scheme.Shape;
import org.askfirst.subject.internal.scheme.Specificity;

/**
 * Content, by its ISCC (ISO 24138). These rules are not in the package of the others, because {@link Iscc} is public.
 */
final class IsccRules extends IdentifierRules {
    /** The possible first two characters of an ISCC (iscc-core, {@code PREFIXES}). */
    private static final String HEADERS =
            "(?:AA|CA|CE|CI|CM|CQ|EA|EE|EI|EM|EQ|GA|IA|KA|KE|KI|KM|KQ|KU|KY|K4|MA|ME|MI|MM|OA)";

    @Override
    protected String read(String plain) {
        return "iscc:" + Iscc.parse(plain).canonical();
    }

    /** Adds the first 64 bits of the units that identify content, the instance first. */
    @Override
    public void containers(String value, Containers to) {
        int specificity = Specificity.AROUND;
        List<Iscc> heads = Iscc.parse(value).heads();
        for (int i = heads.size() - 1; i >= 0; i--) {
            String head = heads.get(i).canonical();
            if (!head.equals(value)) {
                to.add("iscc", specificity--, head, 0, head.length());
            }
        }
    }

    /** Returns the subject and its units. */
    static List<Subject> withHeads(Subject subject) {
        return Stream.concat(
                        Stream.of(subject),
                        Iscc.parse(subject.value()).heads().stream()
                                .map(head -> Subject.of(SubjectScheme.ISCC, head.canonical())))
                .distinct()
                .toList();
    }

    @Override
    public List<Shape> shapes() {
        return List.of(
                Shape.written(70, "[fbvzu][0-9A-Z_=-]{12,127}"), Shape.written(80, HEADERS + "[A-Z2-7-]{8,100}"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("iscc");
    }
}
