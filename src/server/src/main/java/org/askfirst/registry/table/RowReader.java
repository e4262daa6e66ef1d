package org.askfirst.registry.table;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    private static final Pattern BETWEEN_NAMES = Pattern.compile("[;|\\n\\r、，；]+");
    private static final Pattern BETWEEN_NAMES_LOOSELY = Pattern.compile(",(?=[\\s[^\\x00-\\x7F]])");

    /** The role in front of a name, as libraries write it: "지은이: 김하늘". */
    private static final Pattern ROLE = Pattern.compile(
            "^\\s*(?:지은이|글쓴이|글|그림|글·그림|옮긴이|번역|역자|엮은이|편저|저자|원작|각색|사진" + "|작사|작곡|편곡|노래|감독|연출|안무)\\s*[:：]");

    private static final Pattern LACKING_ZEROS = Pattern.compile("[1-9][0-9]{5,7}[0-9X]");

    /** Lines inside a cell that look like rows of the file. */
    private static final Pattern BETWEEN_CELLS = Pattern.compile("[,;|\\t]");

    private static final int MAX_SUBJECTS = 100;
    private static final int MAX_PIECES = 1_000;
    private static final int MAX_NOTES = 100;
    private static final int MAX_QUOTED = 500;
    private static final int LONGEST_IDENTIFIER = 60;
    private static final int ISBN_DIGITS = 10;
    private static final int ISSN_DIGITS = 8;
    private static final int ISNI_DIGITS = 16;
    private static final int IPI_DIGITS = 11;
    private static final int UPC_DIGITS = 12;

    private final List<@Nullable ColumnType> types;
    private final List<Integer> order;
    private final Set<Integer> withoutZeros;
    private final Set<Repair> accepted;
    private final boolean strict;

    /**
     * Creates a reader of rows.
     *
     * @param accepted the repairs that a person has accepted; others are never applied
     * @param strict true to refuse a row if any of its identifiers cannot be read
     */
    public RowReader(List<Columns.Column> columns, Collection<Repair> accepted, boolean strict) {
        this.types = columns.stream().map(Columns.Column::type).collect(Collectors.toCollection(ArrayList::new));
        this.order = IntStream.range(0, columns.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                        i -> ColumnType.CREATORS.equals(types.get(i)) ? 1 + Columns.place(columns.get(i)) : 0))
                .toList();
        this.withoutZeros = Columns.withoutZeros(columns);
        this.accepted = Set.copyOf(accepted);
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
     * A repair that was applied.
     *
     * @param reason because of which the text cannot be read
     */
    public record Applied(Repair repair, Reason reason) {}

    /**
     * The content of a row.
     *
     * @param subjects that can be declared, each once
     * @param title null if the row has none
     * @param memberNumber the society's number of the member for whom the row is declared; null if the row has none
     * @param notes the texts that could not be read
     * @param applied the repairs that were applied
     * @param placeholders number of words in the place of identifiers
     * @param problem the reason why the row cannot be declared; null if it can be
     */
    public record Reading(
            List<Subject> subjects,
            @Nullable String title,
            List<String> creators,
            @Nullable String kind,
            @Nullable String contact,
            @Nullable String license,
            @Nullable String memberNumber,
            List<Note> notes,
            List<Applied> applied,
            int placeholders,
            @Nullable ProblemException problem) {}

    /** Returns the content of a row. */
    public Reading read(Row row) {
        Found found = new Found();
        List<String> creators = new ArrayList<>();
        String title = null;
        String kind = null;
        String contact = null;
        String license = null;
        for (int column : order) {
            ColumnType type = types.get(column);
            String cell = row.cell(column);
            if (type == null || !type.identifies()) {
                noteSwallowedRows(column, cell, found);
            }
            if (type == null) {
                continue;
            }
            String formula = row.uncomputed().get(column);
            if (formula != null) {
                found.note(column, formula, notComputed());
            }
            if (type.isMemberNumber()) {
                found.member(formula == null ? cell : formula, formula != null);
                continue;
            }
            String text = type.identifies() ? clean(cell) : described(cell);
            if (text.isEmpty()) {
                continue;
            }
            if (type.identifies() && !Sieve.isError(text) && Placeholders.isOne(text)) {
                found.placeholders++;
                continue;
            }
            if (Sieve.isError(text)) {
                found.note(column, text, notComputed());
                continue;
            }
            if (!type.identifies() && isGarbled(cell)) {
                found.note(column, text, garbled());
            }
            if (type.identifies()) {
                identify(column, type, text, found);
            } else if (type.equals(ColumnType.TITLE)) {
                title = Sieve.isNothing(text) ? title : title == null ? text : title + " " + text;
            } else if (type.equals(ColumnType.CREATORS)) {
                creators.addAll(names(text));
            } else if (type.equals(ColumnType.KIND)) {
                kind = text;
            } else if (type.equals(ColumnType.CONTACT)) {
                contact = address(text);
            } else {
                license = text;
            }
        }
        List<Subject> first = List.copyOf(found.subjects).subList(0, Math.min(found.subjects.size(), MAX_SUBJECTS));
        return new Reading(
                first,
                title,
                creators.stream().distinct().toList(),
                kind,
                contact,
                license,
                found.memberNumber,
                found.notes,
                found.applied,
                found.placeholders,
                problem(found, title));
    }

    /** The identifiers and notes of a row, limited in number. */
    private static final class Found {
        private final Set<Subject> subjects = new LinkedHashSet<>();
        private final List<Note> notes = new ArrayList<>();
        private final List<Applied> applied = new ArrayList<>();
        private @Nullable String memberNumber;
        private @Nullable ProblemException memberProblem;
        private int placeholders;
        private int pieces;

        /** Takes the number of a member. An unreadable one must not make the row one without a member. */
        void member(String cell, boolean isFormula) {
            String text = clean(cell);
            if (isFormula || Sieve.isError(text)) {
                memberProblem = notComputed();
            } else if (isGarbled(text) || text.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
                memberProblem = garbled();
            } else if (memberNumber == null && !text.isEmpty() && !Placeholders.isOne(text)) {
                memberNumber = Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }

        void note(int column, String text, ProblemException why) {
            if (notes.size() < MAX_NOTES) {
                notes.add(new Note(column, quoted(text), why));
            }
        }
    }

    private static String quoted(String text) {
        return text.substring(0, Math.min(text.length(), MAX_QUOTED));
    }

    private @Nullable ProblemException problem(Found found, @Nullable String title) {
        if (found.subjects.size() > MAX_SUBJECTS || found.pieces > MAX_PIECES) {
            return Problem.INVALID_REQUEST.at(
                    "", Reason.TOO_MANY, "A row may have at most " + MAX_SUBJECTS + " identifiers");
        }
        if (found.memberProblem != null) {
            return found.memberProblem;
        }
        boolean isNamed = !found.subjects.isEmpty() || title != null;
        if (!found.notes.isEmpty() && (strict || !isNamed)) {
            return found.notes.get(0).why();
        }
        return isNamed
                ? null
                : Problem.INVALID_REQUEST.at(
                        "", Reason.NAMES_NO_WORK, "The row has neither an identifier nor a title, so it names no work");
    }

    private void identify(int column, ColumnType type, String cell, Found found) {
        for (Identifiers.Piece piece : Identifiers.in(type, cell)) {
            found.pieces++;
            if (found.pieces > MAX_PIECES) {
                return;
            }
            try {
                ProblemException why = piece.why();
                if (why != null) {
                    throw why;
                }
                Subject subject = subject(type, piece.text(), withoutZeros.contains(column));
                subject.requireDeclarable();
                found.subjects.add(subject);
            } catch (ProblemException unreadable) {
                Subject repaired = repaired(column, piece.text(), unreadable);
                if (repaired != null) {
                    found.subjects.add(repaired);
                    found.applied.add(new Applied(
                            new Repair(column, quoted(piece.text()), repaired.canonical()),
                            unreadable.violations().get(0).reason()));
                } else if (Placeholders.isOne(piece.text())) {
                    found.placeholders++;
                } else {
                    found.note(column, piece.text(), unreadable);
                }
            }
        }
    }

    /** Returns the suggestion in the place of the text if a person has accepted it; otherwise null. */
    private @Nullable Subject repaired(int column, String text, ProblemException unreadable) {
        if (accepted.isEmpty()) {
            return null;
        }
        Subject suggested = Repair.suggestedBy(unreadable);
        return suggested != null && accepted.contains(new Repair(column, quoted(text), suggested.canonical()))
                ? suggested
                : null;
    }

    private static ProblemException notComputed() {
        return Problem.MALFORMED_SUBJECT.at(
                "",
                Reason.NOT_COMPUTED,
                "The file has no result of the formula in this cell; open the file in a spreadsheet, let it compute and"
                        + " save it again");
    }

    private static ProblemException garbled() {
        return Problem.MALFORMED_SUBJECT.at(
                "",
                Reason.GARBLED,
                "The text has characters that could not be read in the encoding of the file; choose another encoding,"
                        + " or save the file in UTF-8");
    }

    /** Returns true if the text has characters that are left by a wrong encoding. */
    private static boolean isGarbled(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\uFFFD' || (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\u000B')) {
                return true;
            }
        }
        return false;
    }

    /** Notes a cell whose lines look like rows: a quotation mark in a wrong place may have swallowed them. */
    private static void noteSwallowedRows(int column, String cell, Found found) {
        if (cell.indexOf('\n') < 0 && cell.indexOf('\r') < 0) {
            return;
        }
        boolean hasRows = cell.lines()
                .skip(1)
                .limit(MAX_NOTES)
                .filter(line -> line.length() < MAX_QUOTED)
                .flatMap(line -> BETWEEN_CELLS.splitAsStream(line).skip(1))
                .anyMatch(part -> part.length() < LONGEST_IDENTIFIER && Identifiers.schemeOf(part) != null);
        if (hasRows) {
            found.note(
                    column,
                    cell,
                    Problem.INVALID_REQUEST.at(
                            "",
                            Reason.SYNTAX_ERROR,
                            "The cell has lines that look like rows of the file; a quotation mark may be missing or too"
                                    + " many"));
        }
    }

    /**
     * Returns the subject of an identifier in a column.
     *
     * @param isWithoutZeros true if a spreadsheet has removed leading zeros from the numbers of the column
     */
    static Subject subject(ColumnType type, String text, boolean isWithoutZeros) {
        if (SHORTENED.matcher(text).matches()) {
            throw Problem.MALFORMED_SUBJECT.at(
                    "",
                    Reason.CUT_OFF,
                    "The spreadsheet has shortened “" + text
                            + "”, and its last digits are lost; format the column as text, enter it again and save"
                            + " the file");
        }
        if (text.indexOf('\uFFFD') >= 0) {
            throw garbled();
        }
        SubjectScheme scheme = type.scheme();
        if (scheme == null) {
            Subject subject = Subject.recognise(text);
            if (subject.scheme() == SubjectScheme.URL && Identifiers.isNoAddress(text)) {
                throw Problem.MALFORMED_SUBJECT.at(
                        "",
                        Reason.WRONG_SHAPE,
                        "This is neither a link nor a known identifier; write a link with https:// in front");
            }
            return subject;
        }
        if (text.regionMatches(
                true, 0, scheme.wireName() + ":", 0, scheme.wireName().length() + 1)) {
            return Subject.parse(text);
        }
        // Each ISSN would be an ISBN with zeros in front, so a short number is one only where zeros are known to lack.
        if (scheme == SubjectScheme.ISBN
                && isWithoutZeros
                && LACKING_ZEROS.matcher(text).matches()) {
            return Subject.parse("isbn:" + "0".repeat(ISBN_DIGITS - text.length()) + text);
        }
        if (scheme == SubjectScheme.ISBN && Identifiers.isIssn(text)) {
            return Subject.parse(SubjectScheme.ISSN.wireName() + ":" + text);
        }
        return Subject.parse(scheme.wireName() + ":" + padded(scheme, text));
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

    private static List<String> names(String cell) {
        Pattern separator = BETWEEN_NAMES.matcher(cell).find() ? BETWEEN_NAMES : BETWEEN_NAMES_LOOSELY;
        return separator
                .splitAsStream(cell)
                .map(name -> Blanks.strip(ROLE.matcher(name).replaceFirst("")))
                .filter(name -> !name.isEmpty() && !Sieve.isNothing(name))
                .toList();
    }

    private static String address(String cell) {
        return cell.contains(":") || !cell.contains("@") ? cell : "mailto:" + cell;
    }

    /** Returns a cell's text without what a spreadsheet or copying puts around an identifier. */
    static String clean(String cell) {
        String text = withoutFormula(Blanks.strip(cell.replace('\u00A0', ' ')));
        if (text.startsWith("'")) {
            text = Blanks.strip(text.substring(1));
        }
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = Blanks.strip(text.substring(1, text.length() - 1));
        }
        var decimals = DECIMALS.matcher(text);
        return decimals.matches() ? decimals.group(1) : text;
    }

    /** Returns a text that describes a work as a person sees it. */
    private static String described(String cell) {
        String text = withoutFormula(Blanks.strip(cell));
        if (isGarbled(text)) {
            // The characters for control have no meaning, and the note tells that something was there.
            text = Blanks.strip(text.replaceAll("[\\x00-\\x08\\x0E-\\x1F]", ""));
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Returns the text of a formula that only quotes a text, as programs write it to keep leading zeros. */
    private static String withoutFormula(String text) {
        return text.length() > 3 && text.startsWith("=\"") && text.endsWith("\"")
                ? Blanks.strip(text.substring(2, text.length() - 1))
                : text;
    }
}
