package org.askfirst.registry.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The number formats of a workbook's cell styles. They turn a stored number into the text that a person sees: a date,
 * decimals, or leading zeros. A date is written as ISO 8601 has it, because its parts have a different order in each
 * country.
 */
final class NumberFormats {
    private static final int MAX_STYLES = 1 << 16;
    private static final int MAX_FORMAT = 1_000;
    private static final int MAX_DIGITS = 40;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final int LAST_DAY = 2_958_465;
    private static final int PHANTOM_DAY = 60;
    private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);
    private static final LocalDate DAY_0_OF_1904 = LocalDate.of(1904, 1, 1);

    /** Digits that a spreadsheet shows of a number. */
    private static final MathContext SEEN = new MathContext(15, RoundingMode.HALF_UP);

    /** Digits of a whole number that are kept as they are stored. */
    private static final int MAX_WHOLE = 17;

    private static final int MAX_EXPONENT = 308;
    private static final int LONGEST_NUMBER = 400;

    private final List<Format> styles = new ArrayList<>();
    private final boolean from1904;

    private NumberFormats(boolean from1904) {
        this.from1904 = from1904;
    }

    /** Kinds of formats. */
    private enum Kind {
        GENERAL,
        DATE,
        TIME,
        DECIMALS,
        MASK
    }

    /**
     * A format.
     *
     * @param decimals number of digits after the point, for decimals
     * @param mask zeros for digits, and the characters between them
     */
    private record Format(Kind kind, int decimals, String mask) {
        static final Format GENERAL = new Format(Kind.GENERAL, 0, "");
    }

    /**
     * Reads the styles of a workbook.
     *
     * @param part the styles; null if the workbook has none
     * @param from1904 true if days are counted from 1904, as old workbooks of Apple do
     */
    static NumberFormats read(@Nullable XmlPart part, boolean from1904) throws IOException {
        NumberFormats formats = new NumberFormats(from1904);
        if (part == null) {
            return formats;
        }
        Map<Integer, Format> own = new HashMap<>();
        boolean inCells = false;
        try (part) {
            while (part.next()) {
                if (part.isStart("numFmt") && own.size() < MAX_STYLES) {
                    String code = part.attribute("formatCode");
                    own.put(whole(part.attribute("numFmtId")), code == null ? Format.GENERAL : compile(code));
                } else if (part.isStart("cellXfs") || part.isEnd("cellXfs")) {
                    inCells = part.isStart();
                } else if (inCells && part.isStart("xf") && formats.styles.size() < MAX_STYLES) {
                    int id = whole(part.attribute("numFmtId"));
                    Format format = own.get(id);
                    formats.styles.add(format == null ? builtIn(id) : format);
                }
            }
        }
        return formats;
    }

    /**
     * Returns the formats of a workbook whose styles are known.
     *
     * @param styles the number of the format of each style
     * @param own formats of the workbook by their numbers
     */
    static NumberFormats of(List<Integer> styles, Map<Integer, String> own, boolean from1904) {
        NumberFormats formats = new NumberFormats(from1904);
        for (int id : styles) {
            String code = own.get(id);
            formats.styles.add(code == null ? builtIn(id) : compile(code));
        }
        return formats;
    }

    /** Returns a number from an attribute; -1 if it has none. */
    static int whole(@Nullable String text) {
        String digits = text == null ? "" : text.strip();
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(digits);
    }

    private static Format builtIn(int id) {
        if (id == 1) {
            return new Format(Kind.DECIMALS, 0, "");
        }
        if (id == 2) {
            return new Format(Kind.DECIMALS, 2, "");
        }
        boolean isTime = (id >= 18 && id <= 21) || (id >= 45 && id <= 47) || id == 32 || id == 33;
        boolean isDate = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
        if (isTime) {
            return new Format(Kind.TIME, 0, "");
        }
        return isDate ? new Format(Kind.DATE, 0, "") : Format.GENERAL;
    }

    private static Format compile(String code) {
        if (code.length() > MAX_FORMAT) {
            return Format.GENERAL;
        }
        StringBuilder letters = new StringBuilder();
        StringBuilder mask = new StringBuilder();
        boolean isMask = true;
        int zeros = 0;
        for (int i = 0; i < code.length() && code.charAt(i) != ';'; i++) {
            char c = code.charAt(i);
            int end = i;
            if (c == '"') {
                end = code.indexOf('"', i + 1);
                mask.append(code, i + 1, end < 0 ? code.length() : end);
            } else if (c == '[') {
                end = code.indexOf(']', i + 1);
                String inside =
                        code.substring(i + 1, end < 0 ? code.length() : end).toLowerCase(Locale.ROOT);
                letters.append(inside.matches("h+|m+|s+") ? "h" : "");
            } else if (c == '\\' || c == '_' || c == '*') {
                end = i + 1;
                mask.append(c == '\\' && end < code.length() ? code.substring(end, end + 1) : "");
            } else {
                letters.append(c);
                zeros += c == '0' ? 1 : 0;
                isMask &= "0-() ".indexOf(c) >= 0;
                mask.append(c);
            }
            if (end < 0) {
                break;
            }
            i = end;
        }
        return compile(letters.toString().toLowerCase(Locale.ROOT), isMask && zeros > 1 ? mask.toString() : "");
    }

    private static Format compile(String letters, String mask) {
        if (!mask.isEmpty()) {
            return new Format(Kind.MASK, 0, mask);
        }
        if (letters.matches("0(\\.0{1,30})?")) {
            return new Format(Kind.DECIMALS, Math.max(0, letters.length() - 2), "");
        }
        if (letters.startsWith("general")
                || letters.startsWith("g/")
                || letters.contains("e+")
                || letters.contains("e-")) {
            return Format.GENERAL;
        }
        boolean hasTime = letters.indexOf('h') >= 0 || letters.indexOf('s') >= 0;
        if (letters.indexOf('y') >= 0 || letters.indexOf('d') >= 0 || letters.indexOf('e') >= 0) {
            return new Format(Kind.DATE, 0, "");
        }
        if (hasTime) {
            return new Format(Kind.TIME, 0, "");
        }
        return letters.indexOf('m') >= 0 ? new Format(Kind.DATE, 0, "") : Format.GENERAL;
    }

    /**
     * Returns the text that a person sees for a stored number; null if no spreadsheet can hold the number.
     *
     * @param stored as in the file
     * @param style the number of the cell's style; negative if it has none
     */
    @Nullable String text(String stored, int style) {
        BigDecimal number = number(stored);
        if (number == null) {
            return isNumeric(stored) ? null : stored;
        }
        Format format = style >= 0 && style < styles.size() ? styles.get(style) : Format.GENERAL;
        return switch (format.kind()) {
            case DATE, TIME -> moment(number, format.kind() == Kind.TIME);
            case DECIMALS ->
                seen(number).abs().precision() - number.scale() > MAX_DIGITS
                        ? general(stored, number)
                        : seen(number)
                                .setScale(format.decimals(), RoundingMode.HALF_UP)
                                .toPlainString();
            case MASK -> masked(stored, number, format.mask());
            case GENERAL -> general(stored, number);
        };
    }

    private static boolean isNumeric(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    }

    /** Returns the number; null if it is none, or one that no spreadsheet can hold. Its digits are made only then. */
    private static @Nullable BigDecimal number(String text) {
        if (text.length() > LONGEST_NUMBER || !isNumeric(text)) {
            return null;
        }
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (exponentAt >= 0) {
            String exponent = text.substring(exponentAt + 1).replaceFirst("^[+-]", "");
            int size = whole(exponent);
            if (size < 0 || size > MAX_EXPONENT) {
                return null;
            }
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return number.precision() - number.scale() > MAX_EXPONENT + 1 ? null : number;
        } catch (NumberFormatException other) {
            return null;
        }
    }

    private static BigDecimal seen(BigDecimal number) {
        return number.round(SEEN);
    }

    private static String general(String stored, BigDecimal number) {
        if (stored.length() <= MAX_WHOLE && stored.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return number.toPlainString();
        }
        BigDecimal seen = seen(number).stripTrailingZeros();
        if (seen.signum() == 0) {
            return "0";
        }
        int exponent = seen.precision() - seen.scale() - 1;
        return exponent > 20 || exponent < -9 ? seen.toString() : seen.toPlainString();
    }

    private static String masked(String stored, BigDecimal number, String mask) {
        String digits = general(stored, number);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return digits;
        }
        StringBuilder text = new StringBuilder();
        int next = digits.length() - 1;
        int firstZero = mask.indexOf('0');
        for (int i = mask.length() - 1; i >= 0; i--) {
            if (mask.charAt(i) != '0') {
                text.append(mask.charAt(i));
            } else {
                text.append(next >= 0 ? digits.charAt(next) : '0');
                next--;
                while (i == firstZero && next >= 0) {
                    text.append(digits.charAt(next));
                    next--;
                }
            }
        }
        return text.reverse().toString();
    }

    /** Returns a day, a time of a day, or both; the number as it is if it is not a date. */
    private String moment(BigDecimal number, boolean timeOnly) {
        if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(LAST_DAY + 1L)) >= 0) {
            return general("", number);
        }
        long seconds = number.multiply(BigDecimal.valueOf(SECONDS_OF_DAY))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        long day = seconds / SECONDS_OF_DAY;
        LocalTime time = LocalTime.ofSecondOfDay(seconds % SECONDS_OF_DAY);
        if (timeOnly && day == 0) {
            return time.toString();
        }
        // Spreadsheets count a 29 February 1900, which did not exist.
        LocalDate date = from1904 ? DAY_0_OF_1904.plusDays(day) : DAY_0.plusDays(day < PHANTOM_DAY ? day + 1 : day);
        return time.equals(LocalTime.MIDNIGHT) ? date.toString() : date + " " + time;
    }
}
