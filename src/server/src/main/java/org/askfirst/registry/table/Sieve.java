package org.askfirst.registry.table;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table below its header that are not blank, and the rows above it, in their order. Rows that are no works
 * have the reason. A row with an identifier below the header is always a work.
 */
final class Sieve implements Rows {
    /** Number of characters of a cell that can be a word of this kind. */
    private static final int LONGEST_WORD = 60;

    private static final Set<String> TOTALS =
            words("합계 총계 소계 계 총합계 누계 총 합 total totals subtotal grandtotal sum 合計 小計 総計"
                    + " 合计 总计 小计 summe gesamt somme totale totaal");
    private static final Set<String> HINTS = words("필수 선택 필수입력 선택입력 필수항목 선택항목 필수값 입력필수 예 예시 텍스트 문자 숫자 required"
            + " optional mandatory example text number string 必須 任意 必填 选填 obligatoire facultatif pflichtfeld");
    private static final Set<String> NOTHING =
            words("null nan none nil undefined na n/a #n/a #ref! #value! #name? #div/0! #num! #null! #spill! #calc!"
                    + " #getting_data #error! 없음 해당없음 (null) (none) <null> #n/a! ####");
    private static final Pattern SUM =
            Pattern.compile("(?:합계|총계|소계|총|total|sum|合計|合计)\\s{0,9}[:：]?\\s{0,9}[0-9][0-9,.]{0,20}\\s{0,9}\\p{L}{0,5}");
    private static final Pattern AMOUNT = Pattern.compile("[₩$€¥]?\\s{0,3}-?[0-9][0-9,.]{0,30}\\s{0,3}[%\\p{L}]{0,5}");

    /** Marks that people draw lines with. */
    private static final String LINES = "-–—―ㅡ─━=_*~.·…/\\|+#:";

    private final Rows rows;
    private final long headerRow;
    private @Nullable Row header;

    Sieve(Rows rows, long headerRow) {
        this.rows = rows;
        this.headerRow = headerRow;
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" ", -1));
    }

    @Override
    public @Nullable Row next() throws IOException {
        for (Row row = rows.next(); row != null; row = rows.next()) {
            if (row.number() == headerRow) {
                header = row;
            } else if (!row.isBlank()) {
                Skip why = row.number() < headerRow ? Skip.ABOVE_HEADER : reason(row);
                return why == null ? row : row.skipped(why);
            }
        }
        return null;
    }

    /** Returns the row that names the columns; null until it was read, and if there is none. */
    @Nullable Row header() {
        return header;
    }

    private @Nullable Skip reason(Row row) {
        List<String> filled = row.cells().stream()
                .filter(cell -> !Blanks.isBlank(cell))
                .limit(SheetRows.MAX_COLUMNS)
                .toList();
        if (filled.isEmpty() || filled.get(0).length() > LONGEST_WORD) {
            return null;
        }
        Skip why = null;
        if (repeatsHeader(row)) {
            why = Skip.REPEATS_HEADER;
        } else if (filled.stream().allMatch(Sieve::isNothing)) {
            why = Skip.NO_CONTENT;
        } else if (filled.stream().allMatch(Sieve::isHint)) {
            why = Skip.EXPLAINS_COLUMNS;
        } else if (isTotal(filled)) {
            why = Skip.TOTAL;
        }
        return why == null || Identifiers.areIn(row) ? null : why;
    }

    private boolean repeatsHeader(Row row) {
        Row names = header;
        if (names == null) {
            return false;
        }
        for (int column = 0; column < Math.max(row.cells().size(), names.cells().size()); column++) {
            if (!word(row.cell(column)).equals(word(names.cell(column)))) {
                return false;
            }
        }
        return true;
    }

    private static String word(String cell) {
        return cell.length() > LONGEST_WORD * 4
                ? cell
                : Blanks.strip(cell).toLowerCase(Locale.ROOT).replace(" ", "");
    }

    /** Returns true if the text stands for nothing: a line, an error of a formula, a word such as null. */
    static boolean isNothing(String cell) {
        if (cell.length() > LONGEST_WORD * 4) {
            return false;
        }
        String word = word(cell);
        return NOTHING.contains(word) || word.chars().allMatch(c -> LINES.indexOf(c) >= 0);
    }

    /** Returns true if the text is an error that a formula left. */
    static boolean isError(String cell) {
        return cell.startsWith("#") && cell.length() < LONGEST_WORD && NOTHING.contains(word(cell));
    }

    private static boolean isHint(String cell) {
        if (cell.length() > LONGEST_WORD) {
            return false;
        }
        String word = word(cell);
        boolean isInBrackets = word.length() > 2 && "([{（<*".indexOf(word.charAt(0)) >= 0;
        String inside = isInBrackets ? word.substring(1, word.length() - 1) : word;
        return HINTS.contains(inside) || HINTS.contains(word.replace("*", ""));
    }

    private static boolean isTotal(List<String> filled) {
        String first = word(filled.get(0)).replace(":", "");
        if (filled.size() == 1) {
            return SUM.matcher(Blanks.strip(filled.get(0)).toLowerCase(Locale.ROOT))
                    .matches();
        }
        return (TOTALS.contains(first) || SUM.matcher(first).matches())
                && filled.subList(1, filled.size()).stream()
                        .allMatch(cell -> cell.length() < LONGEST_WORD
                                && (isNothing(cell)
                                        || AMOUNT.matcher(Blanks.strip(cell)).matches()));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
