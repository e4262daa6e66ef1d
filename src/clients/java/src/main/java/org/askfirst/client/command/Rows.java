package org.askfirst.client.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** The rows of a table, a list or JSON lines: what is asked in each, and how the answer is written beside it. */
abstract class Rows {
    /** The columns that answers add. */
    static final List<String> ADDED =
            List.of("askfirst_verdict", "askfirst_reason", "matched_subject", "checked_at", "log_size");

    /** Names of columns with an address, as crawlers and data sets use them; compared in lower case. */
    private static final Set<String> ADDRESSES =
            Set.of("url", "image_url", "img_url", "page_url", "warc-target-uri", "target_uri", "uri", "source_url");

    /** Names of columns that name a work in another way, with the scheme of their values. */
    private static final Map<String, String> SCHEMES =
            Map.of("sha256", "sha256", "isbn", "isbn", "doi", "doi", "isrc", "isrc", "iswc", "iswc", "issn", "issn");

    /** The works that a row names; none for a heading and for a blank row, which are copied. */
    abstract List<String> subjects(String row);

    /** Returns the row with the answer. */
    abstract String with(String row, List<String> answer);

    /** Returns the first row with the names of the added columns; null if the first row is like the others. */
    abstract @Nullable String heading(String row);

    /**
     * Returns the form of a file from its first row.
     *
     * @param column the name of the column with the works; null to find it
     * @throws IllegalArgumentException if no column can be found
     */
    static Rows of(String name, String first, @Nullable String column) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (first.startsWith("{")) {
            return new JsonLines(column);
        }
        if (lower.endsWith(".cdxj") || first.matches("\\S+ \\d{14} \\{.*")) {
            return new Cdxj();
        }
        if (lower.endsWith(".csv") || lower.endsWith(".tsv")) {
            return new Table(lower.endsWith(".tsv") ? '\t' : ',', first, column);
        }
        return new Lines();
    }

    private static boolean isAddress(String name) {
        return ADDRESSES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Returns the subject of a cell; null if the cell says nothing. */
    private static @Nullable String subject(String name, String value) {
        if (value.isBlank()) {
            return null;
        }
        String scheme = SCHEMES.get(name.toLowerCase(Locale.ROOT));
        return scheme == null ? value.strip() : scheme + ":" + value.strip();
    }

    private static boolean names(String name, @Nullable String column) {
        return column == null
                ? isAddress(name) || SCHEMES.containsKey(name.toLowerCase(Locale.ROOT))
                : name.equals(column);
    }

    /** One work on each line. */
    private static final class Lines extends Rows {
        @Override
        List<String> subjects(String row) {
            return row.isBlank() || row.startsWith("#") ? List.of() : List.of(row.strip());
        }

        @Override
        String with(String row, List<String> answer) {
            return row + "\t" + String.join("\t", answer);
        }

        @Override
        @Nullable String heading(String row) {
            return null;
        }
    }

    /** The lines of Common Crawl's index: a key, a time, and JSON with the address. */
    private static final class Cdxj extends Rows {
        @Override
        List<String> subjects(String row) {
            int json = row.indexOf('{');
            if (json < 0) {
                return List.of(row);
            }
            Object address = CanonicalJson.parseObject(row.substring(json)).get("url");
            return List.of(address instanceof String text ? text : "");
        }

        @Override
        String with(String row, List<String> answer) {
            int json = row.indexOf('{');
            return json < 0 ? row : row.substring(0, json) + extended(row.substring(json), answer);
        }

        @Override
        @Nullable String heading(String row) {
            return null;
        }
    }

    /** One JSON object on each line. */
    private static final class JsonLines extends Rows {
        private final @Nullable String column;

        JsonLines(@Nullable String column) {
            this.column = column;
        }

        @Override
        List<String> subjects(String row) {
            if (row.isBlank()) {
                return List.of();
            }
            List<String> subjects = new ArrayList<>();
            CanonicalJson.parseObject(row).forEach((name, value) -> {
                if (names(String.valueOf(name), column)) {
                    String subject = subject(String.valueOf(name), value instanceof String text ? text : "");
                    if (subject != null) {
                        subjects.add(subject);
                    }
                }
            });
            // A row that names nothing is answered too, as unreadable.
            return subjects.isEmpty() ? List.of("") : subjects;
        }

        @Override
        String with(String row, List<String> answer) {
            return row.isBlank() ? row : extended(row, answer);
        }

        @Override
        @Nullable String heading(String row) {
            return null;
        }
    }

    /** Returns a JSON row that cannot be read, as a member of an object with the answer. */
    static String unreadable(String row, List<String> answer) {
        return extended(
                CanonicalJson.write(Map.of("askfirst_unreadable", row.replaceAll("[\\ud800-\\udfff]", "?"))), answer);
    }

    private static String extended(String json, List<String> answer) {
        Map<Object, Object> members = new LinkedHashMap<>(CanonicalJson.parseObject(json));
        for (int i = 0; i < ADDED.size(); i++) {
            members.put(ADDED.get(i), answer.get(i));
        }
        return CanonicalJson.write(members);
    }

    /** A table with a heading. Cells may be in quotation marks; a cell with a line break is not read. */
    private static final class Table extends Rows {
        private final char delimiter;
        private final List<String> names;
        private final boolean[] asked;

        Table(char delimiter, String heading, @Nullable String column) {
            this.delimiter = delimiter;
            this.names = cells(heading);
            this.asked = new boolean[names.size()];
            boolean found = false;
            for (int i = 0; i < asked.length; i++) {
                asked[i] = names(names.get(i).strip(), column);
                found |= asked[i];
            }
            if (!found) {
                throw new IllegalArgumentException(
                        "no column is known to name works; give it with --column. The table has " + names
                                + ". An md5, a sha1 and a number cannot be matched");
            }
        }

        @Override
        List<String> subjects(String row) {
            if (row.isBlank()) {
                return List.of();
            }
            List<String> cells = cells(row);
            List<String> subjects = new ArrayList<>();
            for (int i = 0; i < Math.min(asked.length, cells.size()); i++) {
                String subject = asked[i] ? subject(names.get(i).strip(), cells.get(i)) : null;
                if (subject != null) {
                    subjects.add(subject);
                }
            }
            return subjects.isEmpty() ? List.of("") : subjects;
        }

        @Override
        String with(String row, List<String> answer) {
            return row.isBlank() ? row : row + delimiter + String.join(String.valueOf(delimiter), quoted(answer));
        }

        @Override
        String heading(String row) {
            return row + delimiter + String.join(String.valueOf(delimiter), ADDED);
        }

        private List<String> quoted(List<String> cells) {
            return cells.stream()
                    .map(cell -> cell.indexOf(delimiter) >= 0 || cell.indexOf('"') >= 0
                            ? '"' + cell.replace("\"", "\"\"") + '"'
                            : cell)
                    .toList();
        }

        private List<String> cells(String row) {
            List<String> cells = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            boolean inQuotes = false;
            for (int i = 0; i < row.length(); i++) {
                char c = row.charAt(i);
                if (c == '"' && inQuotes && i + 1 < row.length() && row.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (c == '"') {
                    inQuotes = !inQuotes;
                } else if (c == delimiter && !inQuotes) {
                    cells.add(cell.toString());
                    cell.setLength(0);
                } else {
                    cell.append(c);
                }
            }
            cells.add(cell.toString());
            return cells;
        }
    }
}
