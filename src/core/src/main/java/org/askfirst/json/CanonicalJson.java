package org.askfirst.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads canonical JSON (RFC 8785) of maps, lists, strings, numbers and booleans.
 *
 * <p>Equal values have equal texts, so a hash of the text is a hash of the value. Members are sorted by UTF-16 code
 * units, as {@link String#compareTo} sorts them.
 */
public final class CanonicalJson {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int MAX_DEPTH = 64;

    private CanonicalJson() {}

    /**
     * Returns the canonical text of a tree of {@code Map<String, ?>}, {@code List}, {@code String}, {@code Number},
     * {@code Boolean} and null.
     *
     * @throws IllegalArgumentException if the tree contains any other type, a number that is not finite, or a string
     *     with a lone surrogate
     */
    public static String write(@Nullable Object tree) {
        StringBuilder out = new StringBuilder(256);
        write(tree, out);
        return out.toString();
    }

    /**
     * Returns the tree of a JSON text. Maps keep the order of the text; whole numbers of up to 15 digits become {@code
     * Long}.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value, if it is nested deeper than 64
     *     levels, or if an object names a member twice
     */
    public static @Nullable Object parse(String text) {
        Reader reader = new Reader(text);
        Object value = reader.value(0);
        reader.end();
        return value;
    }

    /**
     * Returns the members of a JSON object.
     *
     * @throws IllegalArgumentException under the conditions of {@link #parse}, and if the value is not an object
     */
    public static Map<?, ?> parseObject(String text) {
        if (parse(text) instanceof Map<?, ?> members) {
            return members;
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String string) {
            writeString(string, out);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            out.append(number(number));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((name, member) -> sorted.put((String) name, member));
            char before = '{';
            for (Map.Entry<String, Object> member : sorted.entrySet()) {
                out.append(before);
                writeString(member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char before = '[';
            for (Object element : list) {
                out.append(before);
                write(element, out);
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else {
            throw new IllegalArgumentException("JSON has no such type: " + value.getClass());
        }
    }

    private static String number(Number number) {
        try {
            return NumberToJSON.serializeNumber(number.doubleValue());
        } catch (IOException notFinite) {
            throw new IllegalArgumentException("not a JSON number: " + number, notFinite);
        }
    }

    private static void writeString(String string, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        if (Character.isSurrogate(c)) {
                            requirePaired(string, i);
                        }
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void requirePaired(String string, int at) {
        char c = string.charAt(at);
        boolean loneHigh = Character.isHighSurrogate(c)
                && (at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1)));
        boolean loneLow = Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(string.charAt(at - 1)));
        if (loneHigh || loneLow) {
            throw new IllegalArgumentException("the string has a lone surrogate at index " + at);
        }
    }

    /** Reads one JSON value strictly, left to right. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        @Nullable Object value(int depth) {
            if (depth > MAX_DEPTH) {
                throw malformed("it is nested too deeply");
            }
            space();
            char c = peek();
            return switch (c) {
                case '{' -> object(depth);
                case '[' -> array(depth);
                case '"' -> string();
                case 't' -> word("true", true);
                case 'f' -> word("false", false);
                case 'n' -> word("null", null);
                default -> number();
            };
        }

        void end() {
            space();
            if (at != text.length()) {
                throw malformed("there is text after the value");
            }
        }

        private Map<String, @Nullable Object> object(int depth) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            at++;
            space();
            if (peek() == '}') {
                at++;
                return object;
            }
            while (true) {
                space();
                if (peek() != '"') {
                    throw malformed("a member has no name");
                }
                String name = string();
                space();
                expect(':');
                if (object.containsKey(name)) {
                    throw malformed("a member is named twice");
                }
                object.put(name, value(depth + 1));
                space();
                if (peek() == '}') {
                    at++;
                    return object;
                }
                expect(',');
            }
        }

        private List<@Nullable Object> array(int depth) {
            List<@Nullable Object> array = new ArrayList<>();
            at++;
            space();
            if (peek() == ']') {
                at++;
                return array;
            }
            while (true) {
                array.add(value(depth + 1));
                space();
                if (peek() == ']') {
                    at++;
                    return array;
                }
                expect(',');
            }
        }

        private String string() {
            at++;
            int start = at;
            while (true) {
                char c = peek();
                if (c == '"') {
                    at++;
                    return text.substring(start, at - 1);
                }
                if (c == '\\' || c < 0x20) {
                    at = start;
                    return stringWithEscapes();
                }
                at++;
            }
        }

        private String stringWithEscapes() {
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = peek();
                at++;
                if (c == '"') {
                    return out.toString();
                }
                if (c < 0x20) {
                    throw malformed("a string has an unescaped control character");
                }
                out.append(c == '\\' ? unescape() : c);
            }
        }

        private char unescape() {
            char c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    if (at + 4 > text.length()) {
                        throw malformed("an escape is too short");
                    }
                    int code = 0;
                    for (int i = 0; i < 4; i++) {
                        int digit = Character.digit(text.charAt(at + i), 16);
                        if (digit < 0 || text.charAt(at + i) > 'f') {
                            throw malformed("an escape is not hexadecimal");
                        }
                        code = (code << 4) | digit;
                    }
                    at += 4;
                    yield (char) code;
                }
                default -> throw malformed("an escape is unknown");
            };
        }

        private Number number() {
            int start = at;
            if (at < text.length() && text.charAt(at) == '-') {
                at++;
            }
            int digits = at;
            boolean whole = true;
            while (at < text.length() && "0123456789+-.eE".indexOf(text.charAt(at)) >= 0) {
                whole &= text.charAt(at) >= '0' && text.charAt(at) <= '9';
                at++;
            }
            String number = text.substring(start, at);
            if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
                throw malformed("a value is expected");
            }
            // Doubles represent whole numbers up to 2^53 exactly, so both types write the same text.
            if (whole && at - digits <= 15) {
                return Long.parseLong(number);
            }
            return Double.parseDouble(number);
        }

        private @Nullable Object word(String word, @Nullable Object value) {
            if (!text.startsWith(word, at)) {
                throw malformed("a value is expected");
            }
            at += word.length();
            return value;
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() {
            if (at >= text.length()) {
                throw malformed("the text ends too early");
            }
            return text.charAt(at);
        }

        private void expect(char c) {
            if (peek() != c) {
                throw malformed("expected " + c);
            }
            at++;
        }

        private IllegalArgumentException malformed(String why) {
            return new IllegalArgumentException("malformed JSON at index " + at + ": " + why);
        }
    }
}
