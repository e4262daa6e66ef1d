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
 * Reads what a row says of a work, undoing what spreadsheets do to identifiers.
 *
 * <p>What cannot be read is noted, never passed over: if the row names its work in another way it is declared by
 * that, and the note says what is missing; if not, the row is refused.
 */
public final class RowReader {
    /** Excel shows long numbers so, and saves them so in CSV: the digits are gone. */
    private static final Pattern CUT_OFF = Pattern.compile("[0-9](?:[.,][0-9]+)?[eE]\\+?[0-9]+");

    private static final Pattern DECIMALS = Pattern.compile("([0-9]+)[.]0+");
    private static final Pattern FORMULA = Pattern.compile("=\"(.*)\"");

    /** Behind a Korean ISBN stand five digits for the bookshop, and after any ISBN what it is of. */
    private static final Pattern BEHIND_ISBN = Pattern.compile("\\s*\\([^)]*\\)|(?<=[0-9Xx])\\s+[0-9]{5}(?![0-9])");

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

    private final List<@Nullable ColumnType> roles;
    private final boolean strict;

    /**
     * A reader of rows whose columns hold that.
     *
     * @param roles one for each column, null for those to leave out
     * @param strict whether a row is refused if any identifier in it cannot be read
     */
    public RowReader(List<@Nullable ColumnType> roles, boolean strict) {
        this.roles = new ArrayList<>(roles);
        this.strict = strict;
    }

    /**
     * Something that could not be read, beside what could.
     *
     * @param column counted from 0
     * @param text as it stands in the cell
     * @param why what is wrong with it
     */
    public record Note(int column, String text, ProblemException why) {}

    /**
     * What a row says.
     *
     * @param subjects that can be declared, each once
     * @param title null if the row has none
     * @param problem why nothing can be declared by this row; null if something can
     */
    public record Reading(
            List<Subject> subjects,
            @Nullable String title,
            List<String> creators,
            @Nullable String kind,
            @Nullable String contact,
            @Nullable String licence,
            List<Note> notes,
            @Nullable ProblemException problem) {}

    /** What that row says. */
    public Reading read(Row row) {
        Set<Subject> subjects = new LinkedHashSet<>();
        List<Note> notes = new ArrayList<>();
        List<String> creators = new ArrayList<>();
        String title = null;
        String kind = null;
        String contact = null;
        String licence = null;
        for (int column = 0; column < roles.size(); column++) {
            ColumnType role = roles.get(column);
            String cell = clean(row.cell(column));
            if (role == null || cell.isEmpty()) {
                continue;
            }
            if (role.identifies()) {
                identify(column, role, cell, subjects, notes);
            } else if (role.equals(ColumnType.TITLE)) {
                title = title == null ? cell : title + " " + cell;
            } else if (role.equals(ColumnType.CREATORS)) {
                creators.addAll(names(cell));
            } else if (role.equals(ColumnType.KIND)) {
                kind = cell;
            } else if (role.equals(ColumnType.CONTACT)) {
                contact = address(cell);
            } else {
                licence = cell;
            }
        }
        List<Subject> named = List.copyOf(subjects).subList(0, Math.min(subjects.size(), MAX_SUBJECTS));
        return new Reading(
                named,
                title,
                creators.stream().distinct().toList(),
                kind,
                contact,
                licence,
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

    private static void identify(int column, ColumnType role, String cell, Set<Subject> subjects, List<Note> notes) {
        for (String text : split(role, cell)) {
            try {
                Subject subject = subject(role, text);
                subject.requireDeclarable();
                subjects.add(subject);
            } catch (ProblemException unreadable) {
                notes.add(new Note(column, text, unreadable));
            }
        }
    }

    private static Subject subject(ColumnType role, String text) {
        if (CUT_OFF.matcher(text).matches()) {
            throw Problem.MALFORMED_SUBJECT.at(
                    "",
                    Reason.CUT_OFF,
                    "The spreadsheet has cut “" + text
                            + "” short and its last digits are gone; format the column as text, enter it anew and save again");
        }
        SubjectScheme scheme = role.scheme();
        return scheme == null ? Subject.recognise(text) : Subject.parse(scheme.wireName() + ":" + padded(scheme, text));
    }

    /** Zeros at the front are lost where a spreadsheet took an identifier for a number; the check digit still tells. */
    private static String padded(SubjectScheme scheme, String text) {
        int due = switch (scheme) {
            case ISSN -> ISSN_DIGITS;
            case ISNI -> ISNI_DIGITS;
            case IPI -> IPI_DIGITS;
            case GTIN -> UPC_DIGITS;
            default -> 0;
        };
        boolean isShort =
                text.length() < due && text.length() > due / 3 && text.chars().allMatch(Character::isDigit);
        return isShort && !(scheme == SubjectScheme.GTIN && text.length() == ISSN_DIGITS)
                ? "0".repeat(due - text.length()) + text
                : text;
    }

    private static List<String> split(ColumnType role, String cell) {
        SubjectScheme scheme = role.scheme();
        if (scheme == null) {
            return splitUnknown(cell);
        }
        return switch (scheme) {
            case ISBN -> parts(BETWEEN_NUMBERS, BEHIND_ISBN.matcher(cell).replaceAll(" "));
            case ISSN, ISMN, ISRC, ISWC, GTIN, ISNI, IPI, ISAN, GRID, SHA256, ISCC -> parts(BETWEEN_NUMBERS, cell);
            case URL, UNDER -> parts(BETWEEN_LINKS, cell);
            default -> parts(BETWEEN_OPAQUE, cell);
        };
    }

    /** One identifier if it can be one; else several, cut at what is surest first. */
    private static List<String> splitUnknown(String cell) {
        for (Pattern between : List.of(BETWEEN_OPAQUE, BETWEEN_LINKS, BETWEEN_NUMBERS)) {
            List<String> parts = parts(between, cell);
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

    private static List<String> parts(Pattern between, String cell) {
        return between.splitAsStream(cell)
                .map(RowReader::clean)
                .filter(part -> !part.isEmpty() && !part.equals("-"))
                .toList();
    }

    private static List<String> names(String cell) {
        Pattern between = BETWEEN_NAMES.matcher(cell).find() ? BETWEEN_NAMES : BETWEEN_NAMES_LOOSELY;
        return between.splitAsStream(cell)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String address(String cell) {
        return cell.contains(":") || !cell.contains("@") ? cell : "mailto:" + cell;
    }

    /** Without what a spreadsheet or a copy puts around a value. */
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
