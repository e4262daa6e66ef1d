package org.askfirst.subject.internal.scheme;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.subject.internal.text.Invisible;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.jspecify.annotations.Nullable;

/**
 * Anything with a DOI (ISO 26324). A DOI that contains another identifier becomes that identifier.
 *
 * <p>The case of ASCII letters has no meaning (DOI Handbook, 2.4). The part after the slash is otherwise opaque.
 */
public final class DoiRules extends IdentifierRules {
    private static final int MAX_LENGTH = 1024;

    /** Matches a second DOI, or a link to one, behind a separator. */
    private static final Pattern SECOND = Pattern.compile(
            "[\\s,;|&+\u00B7\u3001()\\[\\]<>{}\"'\u201C\u201D\u2018\u2019\u300C\u300E]\\s*+"
                    + "(?:doi\\s*:?\\s*+|(?:https?:)?//[a-z.]+/+(?:doi:)?|(?:dx\\.|www\\.)?doi\\.org/+)?10\\.[0-9]{2,}[0-9.]*/");

    /** The marks of a sentence that stand behind a DOI in a text. No DOI in use ends in one. */
    private static final String SENTENCE_MARKS =
            ".,;:!?/'\"\u2018\u2019\u201C\u201D\u300D\u300F\u300B\u3009\u3002\u3001\u2026\u00B7";

    private static final String CLOSING = ")]}>";
    private static final String OPENING = "([{<";

    /** The escapes of HTML that are found in copied DOIs, with their characters. */
    private static final List<Entity> ENTITIES = List.of(
            new Entity("&lt;", "<"),
            new Entity("&gt;", ">"),
            new Entity("&quot;", "\""),
            new Entity("&apos;", "'"),
            new Entity("&nbsp;", " "),
            new Entity("&#60;", "<"),
            new Entity("&#x3c;", "<"),
            new Entity("&#62;", ">"),
            new Entity("&#x3e;", ">"),
            new Entity("&#34;", "\""),
            new Entity("&#39;", "'"),
            new Entity("&#x27;", "'"),
            new Entity("&#38;", "&"),
            new Entity("&#x26;", "&"),
            new Entity("&amp;", "&"));

    private record Entity(String escape, String character) {}

    @Override
    protected String read(String plain) {
        String name = withoutOpeningMarks(withoutEntities(Spelling.asciiLower(decode(withoutResolver(plain)))));
        if (name.startsWith("10.")) {
            requireOne(name, plain);
            name = withoutSentenceMarks(name);
        }
        int slash = name.indexOf('/');
        if (slash < 0 || !DoiPrefixRules.isPrefix(name.substring(0, slash))) {
            if (name.startsWith("10/")) {
                throw Refusal.SHAPE.because(
                        Refusal.quote(plain) + " is a short DOI, which is an alias; give the full DOI");
            }
            throw Refusal.SHAPE.because("a DOI is 10., a number, a slash and a name; this is " + Refusal.quote(plain));
        }
        if (slash == name.length() - 1) {
            throw Refusal.SHAPE.because(
                    "nothing follows the slash of " + Refusal.quote(plain), "doi-prefix:" + name.substring(0, slash));
        }
        if (name.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("a DOI may have at most " + MAX_LENGTH + " characters");
        }
        String prefix = name.substring(0, slash);
        if (isPlaceholder(prefix, name.substring(slash + 1))) {
            throw Placeholders.placeholder("DOI", plain);
        }
        if (prefix.equals(EidrRules.PREFIX)) {
            String code = Spelling.compact(name.substring(slash + 1));
            if (EidrRules.isEidr(code)) {
                return EidrRules.canonical(code);
            }
        }
        if (prefix.startsWith("10.978.") || prefix.startsWith("10.979.")) {
            String digits = prefix.substring(3).replace(".", "") + name.substring(slash + 1);
            if (isIsbn(digits)) {
                return IsbnRules.canonical(digits);
            }
        }
        return "doi:" + name;
    }

    /** Returns true if the number of the prefix is zero, or if the name is only zeros or only the letter x. */
    private static boolean isPlaceholder(String prefix, String name) {
        boolean isFilled = name.length() >= 4
                && (name.charAt(0) == '0' || name.charAt(0) == 'x')
                && Placeholders.isRepeated(name, 0, name.length());
        return isFilled || DoiPrefixRules.isPlaceholder(prefix, prefix.length());
    }

    /** Refuses a text with two DOIs, and white space, which every link to a DOI would have to escape. */
    private static void requireOne(String name, String plain) {
        if (name.indexOf("10.", 3) > 0 && SECOND.matcher(name).find(3)) {
            throw Refusal.SEVERAL.because(Refusal.quote(plain) + " has two or more DOIs; give each by itself");
        }
        int space = 0;
        while (space < name.length() && !Character.isWhitespace(name.charAt(space))) {
            space++;
        }
        if (space == name.length()) {
            return;
        }
        String fault = "a DOI has no white space; this is " + Refusal.quote(plain);
        String meant = meant(name, space);
        throw meant == null ? Refusal.CHARACTERS.because(fault) : Refusal.CHARACTERS.because(fault, "doi:" + meant);
    }

    /** Returns the DOI that a text with white space means; null if that is not clear. */
    private static @Nullable String meant(String name, int space) {
        String rest = name.substring(space).strip();
        int slash = name.indexOf('/');
        boolean isAtSlash =
                space < slash || (slash >= 0 && name.substring(slash + 1, space).isEmpty());
        String meant = "";
        if (isAtSlash) {
            meant = name.replaceAll("\\s", "");
        } else if (!rest.isEmpty() && ("([{<".indexOf(rest.charAt(0)) >= 0 || rest.charAt(0) >= 0x80)) {
            meant = withoutSentenceMarks(name.substring(0, space));
        }
        int end = meant.indexOf('/');
        return end > 0 && end < meant.length() - 1 && DoiPrefixRules.isPrefix(meant.substring(0, end)) ? meant : null;
    }

    private static String withoutOpeningMarks(String name) {
        int start = 0;
        while (start < name.length() && "([{<\"'\u2018\u201C\u300C\u300E".indexOf(name.charAt(start)) >= 0) {
            start++;
        }
        return name.startsWith("10.", start) ? name.substring(start) : name;
    }

    /** Removes the marks of a sentence and the closing brackets without an opening one behind the name. */
    private static String withoutSentenceMarks(String name) {
        int shortest = name.indexOf('/') + 2;
        int end = name.length();
        while (end > shortest && isSentenceMark(name, end)) {
            end -= Character.charCount(name.codePointBefore(end));
        }
        return name.substring(0, end);
    }

    private static boolean isSentenceMark(String name, int end) {
        int last = name.codePointBefore(end);
        int bracket = CLOSING.indexOf(last);
        if (bracket < 0) {
            return SENTENCE_MARKS.indexOf(last) >= 0 || Invisible.is(last);
        }
        int open = 0;
        for (int i = 0; i < end; i++) {
            open += name.charAt(i) == OPENING.charAt(bracket) ? 1 : name.charAt(i) == last ? -1 : 0;
        }
        return open < 0;
    }

    /** Decodes the escapes of HTML until none is left. */
    private static String withoutEntities(String name) {
        String decoded = name;
        int length;
        do {
            length = decoded.length();
            for (Entity entity : decoded.indexOf('&') < 0 ? List.<Entity>of() : ENTITIES) {
                decoded = decoded.replace(entity.escape(), entity.character());
            }
        } while (decoded.length() < length);
        return decoded;
    }

    /** Returns true for an ISBN-A: 10.978.group-and-publisher/title-and-check-digit has the digits of an ISBN. */
    private static boolean isIsbn(String digits) {
        return digits.length() == 13
                && Spelling.isDigits(digits)
                && CheckDigits.gs1(digits.substring(0, 12)) == digits.charAt(12);
    }

    /** Returns the DOI without labels, resolvers' addresses and, in a link, the query. */
    static String withoutResolver(String plain) {
        if (plain.startsWith("10.")) {
            return plain;
        }
        String rest = Spelling.without(plain, "urn:doi", "info:doi/", "doi", "hdl");
        String bare = Spelling.without(rest, "https://", "http://", "//");
        String name = Spelling.without(bare, "doi.org/", "dx.doi.org/", "www.doi.org/", "hdl.handle.net/");
        if (name.length() == bare.length()) {
            return rest.strip();
        }
        int end = 0;
        while (end < name.length() && name.charAt(end) != '?' && name.charAt(end) != '#') {
            end++;
        }
        int start = 0;
        while (start < end && name.charAt(start) == '/') {
            start++;
        }
        return Spelling.without(name.substring(start, end).strip(), "doi:");
    }

    /** Decodes escapes if they encode text, and those that this makes, such as one with a full-width digit. */
    private static String decode(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        String decoded = decodeOnce(name);
        return decoded.equals(name) ? name : decode(decoded);
    }

    private static String decodeOnce(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = PercentCoding.decode(bytes, 0, bytes.length);
        try {
            return Spelling.plain(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            throw Refusal.CHARACTERS.because("the escapes of " + Refusal.quote(name) + " are not UTF-8");
        }
    }

    @Override
    public void containers(String value, Containers to) {
        DoiPrefixRules.addPrefixes(value, value.indexOf('/'), to);
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.written(10, "10\\.[0-9. ]+/.+"), Shape.written(20, "10/\\S+"));
    }

    @Override
    public List<Resolver> resolvers() {
        return List.of(new Resolver("doi.org", ""), new Resolver("dx.doi.org", ""), new Resolver("hdl.handle.net", ""));
    }

    @Override
    public List<String> columnNames() {
        return List.of("doi", "doi번호");
    }
}
