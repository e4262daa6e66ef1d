package org.askfirst.registry.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * Finds the identifiers in the text of a cell, which may have several, with remarks between them.
 *
 * <p>An identifier may itself have a separator: a DOI has a semicolon, a link has a space. A cell is therefore cut only
 * where another identifier begins.
 */
final class Identifiers {
    private static final int MAX_LENGTH = 20_000;
    private static final int LONGEST_NUMBERS = 200;
    private static final int MAX_TRIED = 50;

    private static final String LINK = "https?://|www\\.(?=[^\\s.])";
    private static final String DOI = "(?:https?://(?:dx\\.|www\\.)?doi\\.org/(?:doi:)?|doi[:\\s]\\s{0,9})?"
            + "10\\.[0-9]{4,9}(?:\\.[0-9]{1,9}){0,4}/";

    /** The place is the beginning, or behind a separator. */
    private static final String BEHIND_SEPARATOR = "(?<![^\\s,;|、，；·<>(\\[\"'“‘])";

    private static final Pattern LINK_START = Pattern.compile("(?i)" + BEHIND_SEPARATOR + "(?:" + LINK + ")");
    private static final Pattern DOI_START = Pattern.compile("(?i)" + BEHIND_SEPARATOR + "(?:" + DOI + ")");
    private static final Pattern ANY_START =
            Pattern.compile("(?i)" + BEHIND_SEPARATOR + "(?:" + DOI + "|" + LINK + ")");

    private static final Pattern LINE_END = Pattern.compile("[\\n\\r\\t\\x0B\\f\\u0085\\u2028\\u2029]+");
    private static final Pattern OPAQUE = Pattern.compile("[;|；]+");
    private static final Pattern LIST = Pattern.compile("[,;|、，；]+");
    private static final Pattern WORDS = Pattern.compile("[\\s,;|、，；]+");
    private static final Pattern NUMBERS = Pattern.compile("[;,|/、，；·()\\[\\]（）<>:：&+]+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern FILE_ENDING = Pattern.compile("[^.\\s]\\.(?=[0-9]{0,4}[A-Za-z])[A-Za-z0-9]{2,5}$");
    private static final Pattern ISSN = Pattern.compile("[0-9]{4}[-‐‑‒–—―−－]?[0-9]{3}[0-9Xx]");
    private static final Pattern ADD_ON = Pattern.compile("[0-9]{5}");
    private static final String CLOSERS = ")]>）\"'”’";
    private static final String OPENERS = "([<（\"'“‘";
    private static final String SEPARATORS = ",;|、，；·";

    private static final List<String> JOINTS =
            List.of("and", "및", "와", "과", "et", "und", "y", "or", "또는", "doi", "doi:", "url:", "link:", "링크:", "주소:");

    private Identifiers() {}

    /**
     * A text that may be an identifier.
     *
     * @param why the reason why it is certainly none; null if it may be one
     */
    record Piece(String text, @Nullable ProblemException why) {
        Piece(String text) {
            this(text, null);
        }
    }

    /** Returns the identifiers in a cell of a column. */
    static List<Piece> in(ColumnType type, String cell) {
        if (cell.length() > MAX_LENGTH) {
            return List.of(new Piece(
                    cell.substring(0, 100),
                    Problem.MALFORMED_SUBJECT.at(
                            "", Reason.TOO_LONG, "The cell has more than " + MAX_LENGTH + " characters")));
        }
        List<Piece> pieces = new ArrayList<>();
        LINE_END.splitAsStream(cell)
                .map(Blanks::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> addLine(type, line, pieces));
        return pieces;
    }

    private static void addLine(ColumnType type, String line, List<Piece> pieces) {
        SubjectScheme scheme = type.scheme();
        if (scheme == null) {
            addAny(line, pieces);
            return;
        }
        switch (scheme) {
            case URL, UNDER -> addLinks(type, line, pieces);
            case DOI -> addDois(line, pieces);
            case ISBN, ISSN, ISMN, ISRC, ISWC, GTIN, ISNI, IPI, ISAN, GRID, SHA256 -> addNumbers(type, line, pieces);
            case DOMAIN, ISCC -> addParts(type, List.of(OPAQUE, WORDS), line, pieces);
            default -> addParts(type, List.of(OPAQUE), line, pieces);
        }
    }

    /** Adds the parts of a line at the first separator at which all parts can be read, or otherwise the whole line. */
    private static void addParts(ColumnType type, List<Pattern> separators, String line, List<Piece> pieces) {
        for (Pattern separator : separators) {
            List<String> parts = parts(separator, line);
            if (parts.size() > 1 && parts.stream().allMatch(part -> isReadable(type, part))) {
                parts.forEach(part -> pieces.add(new Piece(part)));
                return;
            }
        }
        List<String> parts = parts(separators.get(0), line);
        if (isReadable(type, line) || parts.stream().noneMatch(part -> isReadable(type, part))) {
            pieces.add(new Piece(line));
        } else {
            parts.forEach(part -> pieces.add(new Piece(part)));
        }
    }

    private static List<String> parts(Pattern separator, String line) {
        return separator
                .splitAsStream(line)
                .map(RowReader::clean)
                .filter(part -> !part.isEmpty() && !part.equals("-"))
                .toList();
    }

    private static boolean isReadable(ColumnType type, String text) {
        try {
            RowReader.subject(type, text, false);
            return true;
        } catch (ProblemException unreadable) {
            return false;
        }
    }

    // Links

    private static void addLinks(ColumnType type, String line, List<Piece> pieces) {
        List<Integer> starts = starts(LINK_START, line);
        String before = line.substring(0, starts.isEmpty() ? line.length() : starts.get(0));
        addAddresses(type, trimmed(before), pieces);
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : line.length();
            addLink(type, trimmed(line.substring(starts.get(i), end)), pieces);
        }
    }

    /** Adds a link, which may have spaces, and what follows it. */
    private static void addLink(ColumnType type, String text, List<Piece> pieces) {
        Matcher space = SPACE.matcher(text);
        if (!space.find()) {
            pieces.add(new Piece(text));
            return;
        }
        String head = text.substring(0, space.start());
        String tail = text.substring(space.end());
        if (isJoint(tail)) {
            pieces.add(new Piece(trimmed(head)));
            return;
        }
        boolean isFile = FILE_ENDING.matcher(text).find();
        if (SEPARATORS.indexOf(head.charAt(head.length() - 1)) >= 0
                && !(isFile && !isAddress(words(tail).get(0)))) {
            pieces.add(new Piece(trimmed(head)));
            addRest(type, trimmed(tail), pieces);
        } else if (isFile || tail.indexOf('/') >= 0 || head.indexOf('?') >= 0) {
            pieces.add(new Piece(text));
        } else {
            pieces.add(new Piece(
                    text,
                    Problem.MALFORMED_SUBJECT.at(
                            "",
                            Reason.AMBIGUOUS,
                            "It is not clear if the link ends at the space; write %20 for a space in a link, and other"
                                    + " words in a column of their own")));
        }
    }

    private static void addRest(ColumnType type, String text, List<Piece> pieces) {
        if (type.scheme() == null) {
            addAny(text, pieces);
        } else {
            addAddresses(type, text, pieces);
        }
    }

    private static List<String> words(String text) {
        List<String> words = parts(WORDS, text);
        return words.isEmpty() ? List.of("") : words;
    }

    /** Adds addresses without {@code https://}; if the text has something else, the text as a whole. */
    private static void addAddresses(ColumnType type, String text, List<Piece> pieces) {
        if (text.isEmpty()) {
            return;
        }
        List<String> words = words(text);
        if (words.stream().allMatch(Identifiers::isAddress)) {
            words.forEach(word -> pieces.add(new Piece(word)));
        } else if (isAddress(words.get(0)) && text.startsWith(words.get(0))) {
            addLink(type, text, pieces);
        } else if (text.indexOf(':') > 0 && words.size() == 1 && !isNoAddress(text)) {
            // Another kind of address, whose refusal names it, or the name of the scheme in front.
            pieces.add(new Piece(text));
        } else {
            pieces.add(new Piece(text, noAddress()));
        }
    }

    private static ProblemException noAddress() {
        return Problem.MALFORMED_SUBJECT.at(
                "", Reason.NOT_ON_THE_WEB, "This is not the address of a page; write it with https:// in front");
    }

    /**
     * Returns true if a text without {@code https://} is certainly the address of a page. Titles with a dot, names of
     * files, decimals and addresses of mail are not.
     */
    static boolean isAddress(String text) {
        int end = 0;
        while (end < text.length() && "/?#:".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String host = text.substring(0, end);
        int dot = host.lastIndexOf('.');
        if (dot <= 0 || host.indexOf('@') >= 0 || host.contains("..") || host.startsWith(".")) {
            return false;
        }
        String last = host.substring(dot + 1);
        if (!last.codePoints().allMatch(c -> Character.isLetter(c) || c == '-' || last.startsWith("xn--"))
                || !PublicSuffixes.bundled().isTopLevelDomain(last)) {
            return false;
        }
        boolean hasPath = end < text.length() && text.charAt(end) == '/';
        return hasPath || host.regionMatches(true, 0, "www.", 0, 4) || !isFileOrName(host, last);
    }

    /** Returns true if the text is rather the name of a file or a person: {@code README.md}, {@code Dr.Kim}. */
    private static boolean isFileOrName(String host, String last) {
        return Character.isUpperCase(last.codePointAt(0))
                || List.of("zip", "mov", "md", "py", "sh", "pl", "rs", "ps", "ai", "cab", "cpp", "doc", "app")
                        .contains(last.toLowerCase(Locale.ROOT))
                || host.chars().anyMatch(c -> c == '_' || c == '(' || c == ')');
    }

    /** Returns true if a text without {@code ://} would be read as an address although it is none. */
    static boolean isNoAddress(String text) {
        return !text.contains("//") && !text.regionMatches(true, 0, "url:", 0, 4) && !isAddress(text);
    }

    // DOIs

    private static void addDois(String line, List<Piece> pieces) {
        String plain = withoutEntities(line);
        Matcher start = DOI_START.matcher(plain);
        if (!start.find()) {
            addParts(ColumnType.of(SubjectScheme.DOI), List.of(OPAQUE), plain, pieces);
            return;
        }
        addRemark(plain.substring(0, start.start()), pieces);
        boolean more = true;
        while (more) {
            int from = start.start();
            int suffix = start.end();
            more = start.find();
            addDoi(plain.substring(from, more ? start.start() : plain.length()), suffix - from, pieces);
        }
    }

    private static void addDoi(String text, int suffix, List<Piece> pieces) {
        int end = suffix;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '\u00A0') {
            end++;
        }
        pieces.add(new Piece(trimmed(text.substring(0, end))));
        addRemark(text.substring(end), pieces);
    }

    /** Adds a note for what stands between identifiers, unless it is in brackets or only joins them. */
    private static void addRemark(String text, List<Piece> pieces) {
        String remark = Blanks.strip(text);
        if (!isJoint(remark) && OPENERS.indexOf(remark.charAt(0)) < 0) {
            pieces.add(new Piece(remark));
        }
    }

    /** Returns true if the text only joins identifiers: a mark, or a word such as "and". */
    private static boolean isJoint(String text) {
        return text.chars().noneMatch(Character::isLetterOrDigit)
                || JOINTS.contains(withoutEnds(text).toLowerCase(Locale.ROOT));
    }

    private static String withoutEnds(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (SEPARATORS + "/.&" + OPENERS).indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && (SEPARATORS + "/.&" + CLOSERS).indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return Blanks.strip(text.substring(from, to));
    }

    private static String withoutEntities(String text) {
        return text.indexOf('&') < 0
                ? text
                : text.replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&amp;", "&");
    }

    // Numbers

    private static void addNumbers(ColumnType type, String line, List<Piece> pieces) {
        if (isReadable(type, line)) {
            pieces.add(new Piece(line));
            return;
        }
        List<Piece> found = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (String part : parts(NUMBERS, line)) {
            addNumber(type, part, found, unread);
        }
        if (found.isEmpty()) {
            List<String> parts = parts(LIST, line);
            (parts.size() > 1 ? parts : List.of(line)).forEach(part -> pieces.add(new Piece(part)));
            return;
        }
        pieces.addAll(found);
        unread.stream().filter(part -> !isRemark(part)).forEach(part -> pieces.add(new Piece(part)));
    }

    private static void addNumber(ColumnType type, String part, List<Piece> found, List<String> unread) {
        String digits = part.replaceFirst("^[^0-9]+", "");
        List<String> words = List.of(SPACE.split(part, -1));
        if (isReadable(type, part)) {
            found.add(new Piece(part));
        } else if (!digits.isEmpty() && isReadable(type, digits)) {
            found.add(new Piece(digits));
        } else if (words.size() > 1) {
            boolean afterNumber = false;
            for (String word : words) {
                boolean isNumber = isReadable(type, word);
                if (isNumber) {
                    found.add(new Piece(word));
                } else if (!(afterNumber && ADD_ON.matcher(word).matches())) {
                    unread.add(word);
                }
                afterNumber = isNumber;
            }
        } else {
            unread.add(part);
        }
    }

    /** Returns true if the text is rather a word beside a number, such as "e-book" or "vol. 2", than a wrong number. */
    private static boolean isRemark(String text) {
        return text.chars().filter(Character::isDigit).count() < 5
                && (text.chars().anyMatch(Character::isLetter) || text.chars().noneMatch(Character::isLetterOrDigit));
    }

    // Identifiers of any scheme

    private static void addAny(String line, List<Piece> pieces) {
        List<Integer> starts = starts(ANY_START, line);
        if (starts.isEmpty()) {
            addUnknown(line, pieces);
            return;
        }
        String before = trimmed(line.substring(0, starts.get(0)));
        if (!before.isEmpty() && isReadable(ColumnType.IDENTIFIER, before)) {
            pieces.add(new Piece(before));
        } else if (!before.isEmpty()) {
            List<Piece> first = new ArrayList<>();
            addUnknown(before, first);
            first.forEach(piece -> {
                if (isReadable(ColumnType.IDENTIFIER, piece.text())) {
                    pieces.add(piece);
                } else {
                    addRemark(piece.text(), pieces);
                }
            });
        }
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : line.length();
            String text = line.substring(starts.get(i), end);
            Matcher doi = DOI_START.matcher(text);
            if (doi.lookingAt()) {
                addDoiAndRest(text, doi.end(), pieces);
            } else {
                addLink(ColumnType.IDENTIFIER, trimmed(text), pieces);
            }
        }
    }

    private static void addDoiAndRest(String text, int suffix, List<Piece> pieces) {
        List<Piece> parts = new ArrayList<>();
        addDoi(withoutEntities(text), suffix, parts);
        pieces.add(parts.get(0));
        for (Piece rest : parts.subList(1, parts.size())) {
            List<Piece> others = new ArrayList<>();
            addUnknown(rest.text(), others);
            pieces.addAll(others);
        }
    }

    private static void addUnknown(String line, List<Piece> pieces) {
        addParts(ColumnType.IDENTIFIER, List.of(OPAQUE, LIST, WORDS, NUMBERS), line, pieces);
    }

    // Both

    private static List<Integer> starts(Pattern start, String line) {
        return start.matcher(line).results().map(found -> found.start()).toList();
    }

    /** Returns the text without separators and lonely brackets at both ends. */
    private static String trimmed(String text) {
        String trimmed = Blanks.strip(text);
        while (!trimmed.isEmpty()) {
            char first = trimmed.charAt(0);
            char last = trimmed.charAt(trimmed.length() - 1);
            int pair = CLOSERS.indexOf(last);
            if (SEPARATORS.indexOf(last) >= 0
                    || (pair >= 0 && !isOpened(trimmed, pair))
                    || OPENERS.indexOf(last) >= 0) {
                trimmed = Blanks.strip(trimmed.substring(0, trimmed.length() - 1));
            } else if (SEPARATORS.indexOf(first) >= 0 || OPENERS.indexOf(first) >= 0) {
                trimmed = Blanks.strip(trimmed.substring(1));
            } else {
                return trimmed;
            }
        }
        return trimmed;
    }

    /** Returns true if the closing mark at the end of the text belongs to an opening one inside it. */
    private static boolean isOpened(String text, int pair) {
        char opens = OPENERS.charAt(pair);
        char closes = CLOSERS.charAt(pair);
        long before = text.chars().filter(c -> c == opens).count();
        long all = text.chars().filter(c -> c == closes).count();
        return opens == closes ? all % 2 == 0 : before >= all;
    }

    /** Returns true if a number in a column of ISBN is an ISSN, which some lists have in the same column. */
    static boolean isIssn(String text) {
        if (!ISSN.matcher(text).matches()) {
            return false;
        }
        try {
            Subject.parse("issn:" + text);
            return true;
        } catch (ProblemException none) {
            return false;
        }
    }

    /**
     * Returns the scheme of a cell's identifiers; null if it has none, if they are not known for certain, or if they
     * apply to more than one work. The scheme of several identifiers is that of the first.
     */
    static @Nullable SubjectScheme schemeOf(String cell) {
        String text = RowReader.clean(cell);
        if (text.length() < 8 || text.length() > MAX_LENGTH) {
            return null;
        }
        SubjectScheme whole = schemeOfWhole(text);
        if (whole != null) {
            return whole;
        }
        List<Piece> pieces = new ArrayList<>(in(ColumnType.IDENTIFIER, text));
        if (text.length() < LONGEST_NUMBERS) {
            pieces.addAll(in(ColumnType.of(SubjectScheme.ISBN), text));
        }
        for (Piece piece : pieces.subList(0, Math.min(pieces.size(), MAX_TRIED))) {
            SubjectScheme scheme = piece.why() == null ? schemeOfWhole(piece.text()) : null;
            if (scheme != null) {
                return scheme;
            }
        }
        return null;
    }

    private static @Nullable SubjectScheme schemeOfWhole(String text) {
        boolean isPlainNumber = text.length() < 10 && text.chars().allMatch(Character::isDigit);
        if (text.length() < 8 || isPlainNumber) {
            return null;
        }
        try {
            SubjectScheme scheme = Subject.recognise(text).scheme();
            boolean isAddress = scheme == SubjectScheme.URL && !text.contains("://");
            return scheme.needsControl() || isAddress ? null : scheme;
        } catch (ProblemException none) {
            return null;
        }
    }

    /** Returns true if a cell of the row has an identifier. */
    static boolean areIn(Row row) {
        return row.cells().stream().anyMatch(cell -> schemeOf(cell) != null);
    }
}
