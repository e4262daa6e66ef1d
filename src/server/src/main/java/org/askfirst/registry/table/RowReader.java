package org.askfirst.registry.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * Reads the description of a work from a row, and undoes the changes that spreadsheets make to identifiers.
 *
 * <p>A cell that cannot be read is never ignored. If the row names its work in another way, it is declared with that,
 * and a note names the unreadable text. Otherwise the row is refused.
 */
public final class RowReader {
    /** Excel shows long numbers in this form, and saves them so in CSV: their last digits are lost. */
    private static final Pattern SHORTENED = Pattern.compile("[0-9](?:[.,][0-9]+)?[eE]\\+?[0-9]+");

    private static final Pattern DECIMALS = Pattern.compile("([0-9]+)[.]0+");
    private static final Pattern FORMULA = Pattern.compile("=\"(.*)\"");

    /** Additions after an ISBN: five digits for bookshops after a Korean one, or a remark in parentheses. */
    private static final Pattern AFTER_ISBN = Pattern.compile("\\s*\\([^)]*\\)|(?<=[0-9Xx])\\s+[0-9]{5}(?![0-9])");

    private static final Pattern BETWEEN_NUMBERS = Pattern.compile("[;,|/\\n\\r\\t、，；·]+");
    private static final Pattern BETWEEN_LINKS = Pattern.compile("[\\s]+|[,;|、，；]+(?=\\s*https?://)");
    private static final Pattern BETWEEN_NAMES = Pattern.compile("\\s*[;|\\n\\r、，；]+\\s*");
    private static final Pattern BETWEEN_NAMES_LOOSELY = Pattern.compile("\\s*,\\s+|\\s*,(?=[^\\x00-\\x7F])");
    private static final Pattern BETWEEN_OPAQUE = Pattern.compile("[;|\\n\\r；]+");

    private static final int MAX_SUBJECTS = 100;
    private static final int ISSN_DIGITS = 8;
    private static final int ISNI_DIGITS = 16;
    private static final int IPI_DIGITS = 11;
    private static final int UPC_DIGITS = 12;

    private final List<@Nullable ColumnType> types;
    private final boolean strict;

    /**
     * Creates a reader of rows.
     *
     * @param types type of each column; null for a column that is ignored
     * @param strict true to refuse a row if any of its identifiers cannot be read
     */
    public RowReader(List<@Nullable ColumnType> types, boolean strict) {
        this.types = new ArrayList<>(types);
        this.strict = strict;
    }

    /**
     * A text that could not be read.
     *
     * @param column counted from 0
     * @param text as in the cell
     * @param why the reason
     */
    public record Note(int column, String text, ProblemException why) {}

    /**
     * The content of a row.
     *
     * @param subjects that can be declared, each once
     * @param title null if the row has none
     * @param notes the texts that could not be read
     * @param problem the reason why the row cannot be declared; null if it can be
     */
    public record Reading(
            List<Subject> subjects,
            @Nullable String title,
            List<String> creators,
            @Nullable String kind,
            @Nullable String contact,
            @Nullable String license,
            List<Note> notes,
            @Nullable ProblemException problem) {}

    /** Returns the content of a row. */
    public Reading read(Row row) {
        Set<Subject> subjects = new LinkedHashSet<>();
        List<Note> notes = new ArrayList<>();
        List<String> creators = new ArrayList<>();
        String title = null;
        String kind = null;
        String contact = null;
        String license = null;
        for (int column = 0; column < types.size(); column++) {
            ColumnType type = types.get(column);
            String cell = clean(row.cell(column));
            if (type == null || cell.isEmpty()) {
                continue;
            }
            if (type.identifies()) {
                identify(column, type, cell, subjects, notes);
            } else if (type.equals(ColumnType.TITLE)) {
                title = title == null ? cell : title + " " + cell;
            } else if (type.equals(ColumnType.CREATORS)) {
                creators.addAll(names(cell));
            } else if (type.equals(ColumnType.KIND)) {
                kind = cell;
            } else if (type.equals(ColumnType.CONTACT)) {
                contact = address(cell);
            } else {
                license = cell;
            }
        }
        List<Subject> first = List.copyOf(subjects).subList(0, Math.min(subjects.size(), MAX_SUBJECTS));
        return new Reading(
                first,
                title,
                creators.stream().distinct().toList(),
                kind,
                contact,
                license,
                notes,
                problem(subjects, title, notes));
    }

    private @Nullable ProblemException problem(Set<Subject> subjects, @Nullable String title, List<Note> notes) {
        if (subjects.size() > MAX_SUBJECTS) {
            return Problem.INVALID_REQUEST.at(
                    "", Reason.TOO_MANY, "A row may have at most " + MAX_SUBJECTS + " identifiers");
        }
        boolean isNamed = !subjects.isEmpty() || title != null;
        if (!notes.isEmpty() && (strict || !isNamed)) {
            return notes.get(0).why();
        }
        return isNamed
                ? null
                : Problem.INVALID_REQUEST.at(
                        "", Reason.NAMES_NO_WORK, "The row has neither an identifier nor a title, so it names no work");
    }

    private static void identify(int column, ColumnType type, String cell, Set<Subject> subjects, List<Note> notes) {
        for (String text : split(type, cell)) {
            try {
                Subject subject = subject(type, text);
                subject.requireDeclarable();
                subjects.add(subject);
            } catch (ProblemException unreadable) {
                notes.add(new Note(column, text, unreadable));
            }
        }
    }

    private static Subject subject(ColumnType type, String text) {
        if (SHORTENED.matcher(text).matches()) {
            throw Problem.MALFORMED_SUBJECT.at(
                    "",
                    Reason.CUT_OFF,
                    "The spreadsheet has shortened “" + text
                            + "”, and its last digits are lost; format the column as text, enter it again and save"
                            + " the file");
        }
        SubjectScheme scheme = type.scheme();
        return scheme == null ? Subject.recognise(text) : Subject.parse(scheme.wireName() + ":" + padded(scheme, text));
    }

    /**
     * Returns the text with leading zeros, which are lost if a spreadsheet treats an identifier as a number. The check
     * digit shows if the result is right.
     */
    private static String padded(SubjectScheme scheme, String text) {
        int length = switch (scheme) {
            case ISSN -> ISSN_DIGITS;
            case ISNI -> ISNI_DIGITS;
            case IPI -> IPI_DIGITS;
            case GTIN -> UPC_DIGITS;
            default -> 0;
        };
        boolean isShort = text.length() < length
                && text.length() > length / 3
                && text.chars().allMatch(Character::isDigit);
        return isShort && !(scheme == SubjectScheme.GTIN && text.length() == ISSN_DIGITS)
                ? "0".repeat(length - text.length()) + text
                : text;
    }

    private static List<String> split(ColumnType type, String cell) {
        SubjectScheme scheme = type.scheme();
        if (scheme == null) {
            return splitUnknown(cell);
        }
        return switch (scheme) {
            case ISBN -> parts(BETWEEN_NUMBERS, AFTER_ISBN.matcher(cell).replaceAll(" "));
            case ISSN, ISMN, ISRC, ISWC, GTIN, ISNI, IPI, ISAN, GRID, SHA256, ISCC -> parts(BETWEEN_NUMBERS, cell);
            case URL, UNDER -> parts(BETWEEN_LINKS, cell);
            default -> parts(BETWEEN_OPAQUE, cell);
        };
    }

    /**
     * Returns the parts of a cell: one if the whole cell can be read, otherwise split at the most certain separator
     * first.
     */
    private static List<String> splitUnknown(String cell) {
        for (Pattern separator : List.of(BETWEEN_OPAQUE, BETWEEN_LINKS, BETWEEN_NUMBERS)) {
            List<String> parts = parts(separator, cell);
            if (parts.size() > 1 && parts.stream().allMatch(RowReader::isReadable)) {
                return parts;
            }
        }
        return isReadable(cell) ? List.of(cell) : parts(BETWEEN_OPAQUE, cell);
    }

    private static boolean isReadable(String text) {
        try {
            Subject.recognise(text);
            return true;
        } catch (ProblemException unreadable) {
            return false;
        }
    }

    private static List<String> parts(Pattern separator, String cell) {
        return separator
                .splitAsStream(cell)
                .map(RowReader::clean)
                .filter(part -> !part.isEmpty() && !part.equals("-"))
                .toList();
    }

    private static List<String> names(String cell) {
        Pattern separator = BETWEEN_NAMES.matcher(cell).find() ? BETWEEN_NAMES : BETWEEN_NAMES_LOOSELY;
        return separator
                .splitAsStream(cell)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String address(String cell) {
        return cell.contains(":") || !cell.contains("@") ? cell : "mailto:" + cell;
    }

    /** Returns a cell's text without the marks that a spreadsheet or copying puts around it. */
    private static String clean(String cell) {
        String text = cell.replace('\u00A0', ' ').strip();
        var formula = FORMULA.matcher(text);
        if (formula.matches()) {
            text = formula.group(1).strip();
        }
        if (text.startsWith("'")) {
            text = text.substring(1).strip();
        }
        var decimals = DECIMALS.matcher(text);
        return decimals.matches() ? decimals.group(1) : text;
    }
}
