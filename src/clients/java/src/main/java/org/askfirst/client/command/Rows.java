package org.askfirst.client.command;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** The rows of a table, a list or JSON lines: what is asked in each, and how the answer is written beside it. */
abstract class Rows {
    /** The added column with the position of the ledger, a number. */
    static final String POSITION = "log_size";

    /** The columns that answers add. */
    static final List<String> ADDED =
            List.of("askfirst_verdict", "askfirst_reason", "matched_subject", "checked_at", POSITION);

    /** The name of a row that cannot be read. No work has it, so the answer is no permission. */
    static final List<String> UNREADABLE = List.of("");

    /**
     * Names of columns with an address, as crawlers and data sets use them; compared in lower case. A column of the first
     * set is asked before one of the next: first pictures, then works, then the pages on which a work stands.
     */
    private static final List<Set<String>> ADDRESSES = List.of(
            Set.of("image_url", "img_url"),
            Set.of("url", "warc-target-uri", "target_uri", "uri"),
            Set.of("page_url", "source_url"));

    /** Names of columns that name a work in another way, with the scheme of their values. */
    private static final Set<String> SCHEMES = Set.of("sha256", "isbn", "doi", "isrc", "iswc", "issn");

    /** The character that stands for bytes which are not UTF-8. */
    private static final char NOT_UTF8 = '\ufffd';

    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private static final int MAX_ROW = 1 << 24;

    /** Returns the names of the work of a row; none for a blank row, which is copied. */
    abstract List<String> subjects(String row);

    /** Returns the row with the answer. */
    abstract String with(String row, List<String> answer);

    /** Returns a blank row as it is written. */
    String copied(String row) {
        return row;
    }

    /** Returns true for the name of a column that an answer adds, in any case: many readers do not tell cases apart. */
    static boolean isAdded(String name) {
        return ADDED.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** Returns a text that stays one cell of one line: a space stands for each character that would end it. */
    static String cell(String text) {
        StringBuilder cell = new StringBuilder(text);
        for (int i = 0; i < cell.length(); i++) {
            if (isControl(cell.charAt(i))) {
                cell.setCharAt(i, ' ');
            }
        }
        return cell.toString();
    }

    /** Returns true if a text has characters that would end a cell or a line. */
    static boolean hasControls(String text) {
        return text.chars().anyMatch(Rows::isControl);
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
    }

    /** Returns the first row with the names of the added columns; null if the first row is like the others. */
    @Nullable String heading(String row) {
        return null;
    }

    /** Returns the next row; null at the end. */
    @Nullable String next(Reader in) throws IOException {
        return line(in, false);
    }

    /**
     * Returns the form of a file from its name and its first row.
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
        if (column != null) {
            return new Table(first.indexOf('\t') >= 0 ? '\t' : ',', first, column);
        }
        return new Lines();
    }

    /** Returns true if a file of that name begins with a heading, whose cells may have line breaks. */
    static boolean isTable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".csv") || lower.endsWith(".tsv");
    }

    /**
     * Returns the next line; null at the end. With {@code quoted}, a line break between quotation marks is part of it.
     *
     * @throws IOException if the line is too long, for example because a quotation mark is never closed
     */
    static @Nullable String line(Reader in, boolean quoted) throws IOException {
        StringBuilder line = new StringBuilder();
        boolean isInQuotes = false;
        int read = in.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && (isInQuotes || read != '\n')) {
            if (line.length() == MAX_ROW) {
                throw new IOException("a row is too long; perhaps a quotation mark is never closed");
            }
            isInQuotes ^= quoted && read == '"';
            line.append((char) read);
            read = in.read();
        }
        int end = line.length();
        return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    /** Returns false if a text was read from bytes that are not UTF-8. */
    static boolean isReadable(String text) {
        return text.indexOf(NOT_UTF8) < 0;
    }

    /**
     * Returns the columns that name the work: the asked one; or else one with an address, and all with numbers. A second
     * address, such as the page on which a picture stands, is another work: a permission for the page permits no picture.
     */
    static List<String> naming(Iterable<String> names, @Nullable String column) {
        List<String> naming = new ArrayList<>();
        String address = null;
        int rank = ADDRESSES.size();
        for (String name : names) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (column != null) {
                if (name.strip().equals(column)) {
                    naming.add(name);
                }
            } else if (SCHEMES.contains(lower)) {
                naming.add(name);
            } else {
                for (int i = 0; i < rank; i++) {
                    if (ADDRESSES.get(i).contains(lower)) {
                        address = name;
                        rank = i;
                    }
                }
            }
        }
        if (address != null) {
            naming.add(0, address);
        }
        return naming;
    }

    /** Returns the subject of a cell; null if the cell says nothing. */
    static @Nullable String subject(String name, String value) {
        if (value.isBlank()) {
            return null;
        }
        String lower = name.strip().toLowerCase(Locale.ROOT);
        return SCHEMES.contains(lower) ? lower + ":" + value.strip() : value.strip();
    }

    /** One work on each line. */
    private static final class Lines extends Rows {
        @Override
        List<String> subjects(String row) {
            if (row.isBlank() || row.startsWith("#")) {
                return List.of();
            }
            String work = row.strip();
            return isReadable(work) && !hasControls(work) ? List.of(work) : UNREADABLE;
        }

        @Override
        String with(String row, List<String> answer) {
            return cell(row) + "\t" + String.join("\t", answer);
        }

        @Override
        String copied(String row) {
            return cell(row);
        }
    }

    /** The lines of Common Crawl's index: a key, a time, and JSON with the address. */
    private static final class Cdxj extends Rows {
        @Override
        List<String> subjects(String row) {
            if (row.isBlank()) {
                return List.of();
            }
            int json = row.indexOf('{');
            if (json < 0 || !isReadable(row)) {
                return UNREADABLE;
            }
            Object address = CanonicalJson.parseObject(row.substring(json)).get("url");
            return List.of(address instanceof String text ? text : "");
        }

        @Override
        String with(String row, List<String> answer) {
            int json = row.indexOf('{');
            return row.substring(0, Math.max(0, json)) + extended(row.substring(Math.max(0, json)), answer);
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
            Map<?, ?> members = CanonicalJson.parseObject(row);
            List<String> names = members.keySet().stream().map(String::valueOf).toList();
            List<String> subjects = new ArrayList<>();
            for (String name : naming(names, column)) {
                Object value = members.get(name);
                if (value != null && !(value instanceof String)) {
                    return UNREADABLE;
                }
                String subject = value instanceof String text ? subject(name, text) : null;
                if (subject != null) {
                    subjects.add(subject);
                }
            }
            // A row that names nothing is answered too.
            return subjects.isEmpty() || !isReadable(row) ? UNREADABLE : subjects;
        }

        @Override
        String with(String row, List<String> answer) {
            return extended(row, answer);
        }
    }

    /**
     * Returns a JSON object with the answer behind its own members, which keep their text: no number is rounded. A row
     * that is no object becomes a member.
     */
    private static String extended(String json, List<String> answer) {
        List<String> members = new ArrayList<>();
        try {
            CanonicalJson.parseObject(json);
            for (String member : members(json)) {
                if (!(CanonicalJson.parse(member.substring(0, endOfString(member, 0))) instanceof String name)
                        || !isAdded(name)) {
                    members.add(member);
                }
            }
        } catch (IllegalArgumentException malformed) {
            members.add(member("askfirst_unreadable", json.replaceAll("[\ud800-\udfff]", "?")));
        }
        for (int i = 0; i < ADDED.size(); i++) {
            members.add(member(ADDED.get(i), answer.get(i)));
        }
        return "{" + String.join(",", members) + "}";
    }

    private static String member(String name, String value) {
        return CanonicalJson.write(name) + ":" + CanonicalJson.write(value);
    }

    /** Returns the texts of the members of a JSON object that was read before. */
    private static List<String> members(String json) {
        List<String> members = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < json.length(); i++) {
            switch (json.charAt(i)) {
                case '"' -> i = endOfString(json, i) - 1;
                case '{', '[' -> {
                    depth++;
                    from = depth == 1 ? i + 1 : from;
                }
                case ',' -> {
                    if (depth == 1) {
                        members.add(json.substring(from, i));
                        from = i + 1;
                    }
                }
                case '}', ']' -> {
                    if (--depth == 0 && !json.substring(from, i).isBlank()) {
                        members.add(json.substring(from, i));
                    }
                }
                default -> {
                    // It is inside a member.
                }
            }
        }
        return members;
    }

    /** Returns where the first string behind a place of a JSON text ends. */
    private static int endOfString(String json, int from) {
        int i = json.indexOf('"', from) + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /**
     * A table with a heading. Each written row has the cells of the heading and the answer, so that no row can move
     * another value to the place of the answer. Columns of an earlier answer are replaced.
     */
    private static final class Table extends Rows {
        private final char delimiter;
        private final List<String> names;
        private final List<Integer> kept = new ArrayList<>();
        private final List<String> asked;

        Table(char delimiter, String heading, @Nullable String column) {
            this.delimiter = delimiter;
            List<String> cells = cells(heading);
            if (cells == null) {
                throw new IllegalArgumentException("the heading of the table cannot be read");
            }
            this.names = cells;
            for (int i = 0; i < names.size(); i++) {
                if (!isAdded(names.get(i))) {
                    kept.add(i);
                }
            }
            this.asked = naming(names, column);
            if (asked.isEmpty()) {
                throw new IllegalArgumentException(
                        "no column is known to name works; give it with --column. The table has " + names
                                + ". An md5, a sha1 and a number cannot be matched");
            }
        }

        @Override
        @Nullable String next(Reader in) throws IOException {
            return line(in, true);
        }

        @Override
        List<String> subjects(String row) {
            // A row of separators alone is no empty one: it has a cell for the answer.
            if (row.isEmpty()) {
                return List.of();
            }
            List<String> cells = cells(row);
            if (cells == null || cells.size() != names.size() || !isReadable(row)) {
                return UNREADABLE;
            }
            List<String> subjects = new ArrayList<>();
            for (String name : asked) {
                String subject = subject(name, cells.get(names.indexOf(name)));
                if (subject != null) {
                    subjects.add(subject);
                }
            }
            return subjects.isEmpty() ? UNREADABLE : subjects;
        }

        @Override
        String with(String row, List<String> answer) {
            List<String> cells = cells(row);
            if (cells == null || cells.size() != names.size()) {
                // The whole row in its first cell, marked so that a second answer cannot read it either.
                cells = new ArrayList<>(Collections.nCopies(names.size(), ""));
                cells.set(kept.isEmpty() ? 0 : kept.get(0), "unreadable row: " + row);
            }
            return written(cells, answer);
        }

        @Override
        String heading(String row) {
            return written(names, ADDED);
        }

        private String written(List<String> cells, List<String> answer) {
            List<String> all = new ArrayList<>();
            kept.forEach(i -> all.add(quoted(cells.get(i))));
            answer.forEach(cell -> all.add(quoted(cell)));
            return String.join(String.valueOf(delimiter), all);
        }

        private String quoted(String cell) {
            boolean isPlain = cell.indexOf(delimiter) < 0
                    && cell.indexOf('"') < 0
                    && cell.indexOf('\n') < 0
                    && cell.indexOf('\r') < 0;
            return isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
        }

        /** Returns the cells of a row; null if a quotation mark is not closed. */
        private @Nullable List<String> cells(String row) {
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
            return inQuotes ? null : cells;
        }
    }
}
