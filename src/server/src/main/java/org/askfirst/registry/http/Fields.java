package org.askfirst.registry.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a CSV record strictly, and gathers all violations before it refuses the record. An empty field
 * counts as absent. Several values in one field are separated by blanks or semicolons.
 */
public final class Fields implements NamedTexts {
    private static final Pattern BETWEEN_VALUES = Pattern.compile("[;\\s]+");

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Findings findings = new Findings();

    private Fields() {}

    /**
     * Returns the fields of a record. A field with an unknown name becomes a violation.
     *
     * @param head the names of the fields
     * @param record the fields, in the order of the names
     * @param known the allowed names
     * @throws org.askfirst.problem.ProblemException if there are more fields than names
     */
    public static Fields of(List<String> head, List<String> record, List<String> known) {
        if (record.size() > head.size()) {
            throw Problem.INVALID_REQUEST.at(
                    "",
                    Reason.TOO_MANY,
                    "The line has " + record.size() + " fields, and the first line names " + head.size());
        }
        Fields fields = new Fields();
        for (int i = 0; i < record.size(); i++) {
            if (!record.get(i).isEmpty()) {
                fields.fields.put(head.get(i), record.get(i));
            }
        }
        fields.fields.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> fields.findings.unknown(at(name), name, known));
        return fields;
    }

    @Override
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    @Override
    public @Nullable String text(String name, int maxLength) {
        if (!has(name)) {
            refuse(name, Reason.MISSING, Members.REQUIRED);
        }
        return optionalText(name, maxLength);
    }

    @Override
    public @Nullable String optionalText(String name, int maxLength) {
        String text = fields.get(name);
        return text == null ? null : findings.text(at(name), text, maxLength);
    }

    @Override
    public @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected) {
        String text = fields.get(name);
        return text == null ? null : findings.text(at(name), text, maxLength, pattern, expected);
    }

    @Override
    public List<String> optionalChoices(String name, int maxSize, List<String> choices) {
        return list(name, maxSize, (pointer, text) -> findings.choice(pointer, text, choices));
    }

    @Override
    public List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected) {
        return list(name, maxSize, (pointer, text) -> findings.text(pointer, text, Findings.SHOWN, pattern, expected));
    }

    private List<String> list(String name, int maxSize, BiFunction<String, String, @Nullable String> check) {
        String field = fields.get(name);
        if (field == null) {
            return List.of();
        }
        List<String> values = BETWEEN_VALUES
                .splitAsStream(field)
                .filter(value -> !value.isEmpty())
                .toList();
        List<String> checked = new ArrayList<>();
        if (findings.isSized(at(name), values.size(), 1, maxSize)) {
            for (int i = 0; i < values.size(); i++) {
                String value = check.apply(at(name) + "/" + i, values.get(i));
                if (value != null) {
                    checked.add(value);
                }
            }
        }
        return findings.unique(at(name), checked);
    }

    @Override
    public @Nullable Instant optionalMoment(String name) {
        String text = fields.get(name);
        return text == null ? null : findings.moment(at(name), text);
    }

    @Override
    public void refuse(String name, Reason reason, String fault) {
        findings.add(at(name), reason, fault);
    }

    @Override
    public void finish() {
        findings.finish();
    }

    private static String at(String name) {
        return Members.below("", name);
    }
}
