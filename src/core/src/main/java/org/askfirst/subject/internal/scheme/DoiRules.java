package org.askfirst.subject.internal.scheme;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * Anything with a DOI (ISO 26324). A DOI that contains another identifier becomes that identifier.
 *
 * <p>The case of ASCII letters has no meaning (DOI Handbook, 2.4). The part after the slash is otherwise opaque.
 */
public final class DoiRules extends IdentifierRules {
    private static final int MAX_LENGTH = 1024;

    @Override
    protected String read(String plain) {
        String name = Spelling.asciiLower(decode(withoutResolver(plain)));
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
        return Spelling.without(name.substring(0, end).strip(), "doi:");
    }

    /** Decodes escapes if they encode text. */
    private static String decode(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
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
        return List.of(Shape.written(10, "10\\.[0-9.]+/\\S.*"), Shape.written(20, "10/\\S+"));
    }

    @Override
    public List<Resolver> resolvers() {
        return List.of(new Resolver("doi.org", ""), new Resolver("dx.doi.org", ""));
    }

    @Override
    public List<String> columnNames() {
        return List.of("doi", "doi번호");
    }
}
