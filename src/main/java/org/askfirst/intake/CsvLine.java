package org.askfirst.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;

/**
 * One line of CSV (RFC 4180), where a record is a line; read by a head as the JSON that would say the same.
 *
 * <p>Several values in one field are parted by blanks or semicolons. An empty field says nothing.
 */
final class CsvLine {
    private CsvLine() {}

    /** The fields of a line. */
    static List<String> fields(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw Problem.INVALID_REQUEST.at("", Reason.SYNTAX_ERROR, "A quotation mark is not closed on this line");
        }
        fields.add(field.toString().strip());
        return fields;
    }

    /**
     * What a line says.
     *
     * @param head the names of the fields
     * @param lists those of them that hold several values
     */
    static ObjectNode read(List<String> head, byte[] line, Set<String> lists) {
        List<String> fields = fields(line);
        if (fields.size() > head.size()) {
            throw Problem.INVALID_REQUEST.at(
                    "",
                    Reason.TOO_MANY,
                    "The line has " + fields.size() + " fields, and the first line names " + head.size());
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            if (field.isEmpty()) {
                continue;
            }
            if (lists.contains(head.get(i))) {
                var list = node.putArray(head.get(i));
                for (String value : field.split("[;\\s]+", -1)) {
                    if (!value.isEmpty()) {
                        list.add(value);
                    }
                }
            } else {
                node.put(head.get(i), field);
            }
        }
        return node;
    }

    /** A field as it is written: quoted where it must be, and never such that a spreadsheet computes it. */
    static String written(String field) {
        String safe = !field.isEmpty() && "=+-@\t".indexOf(field.charAt(0)) >= 0 ? "'" + field : field;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
