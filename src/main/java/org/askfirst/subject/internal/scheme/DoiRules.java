package org.askfirst.subject;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * DOI names (ISO 26324) and their prefixes; those that are another identifier in disguise become that one.
 *
 * <p>Case counts for nothing in ASCII (DOI Handbook, 2.4); what follows the slash is otherwise opaque.
 */
final class DoiNames {
    private static final int MAX_LENGTH = 1024;

    private DoiNames() {}

    static Subject doi(String plain) {
        String name = Spelling.asciiLower(decoded(withoutResolver(plain)));
        int slash = name.indexOf('/');
        if (slash < 0 || !isPrefix(name.substring(0, slash))) {
            if (name.startsWith("10/")) {
                throw Refusal.SHAPE.because(
                        Refusal.quote(plain) + " is a short DOI, an alias; give the DOI that it stands for");
            }
            throw Refusal.SHAPE.because("a DOI is 10., a number, a slash and a name; here is " + Refusal.quote(plain));
        }
        if (slash == name.length() - 1) {
            throw Refusal.SHAPE.because(
                    "nothing follows the slash of " + Refusal.quote(plain), "doi-prefix:" + name.substring(0, slash));
        }
        if (name.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("a DOI may have " + MAX_LENGTH + " characters");
        }
        String prefix = name.substring(0, slash);
        if (prefix.equals(AudiovisualNumbers.EIDR_PREFIX)) {
            String code = Spelling.compact(name.substring(slash + 1));
            if (AudiovisualNumbers.isEidr(code)) {
                return AudiovisualNumbers.eidr(code);
            }
        }
        if (prefix.startsWith("10.978.") || prefix.startsWith("10.979.")) {
            String digits = prefix.substring(3).replace(".", "") + name.substring(slash + 1);
            if (isIsbn(digits)) {
                return BookNumbers.isbn(digits);
            }
        }
        return Subject.of(SubjectScheme.DOI, name);
    }

    /** ISBN-A: 10.978.group-and-publisher/title-and-check-digit is the ISBN. */
    private static boolean isIsbn(String digits) {
        return digits.length() == 13
                && Spelling.isDigits(digits)
                && CheckDigits.gs1(digits.substring(0, 12)) == digits.charAt(12);
    }

    static Subject doiPrefix(String plain) {
        String prefix = Spelling.asciiLower(withoutResolver(plain));
        if (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!isPrefix(prefix) || prefix.length() > 64) {
            throw Refusal.SHAPE.because(
                    "a DOI prefix is 10. and a number, as 10.1234; here is " + Refusal.quote(plain));
        }
        return Subject.of(SubjectScheme.DOI_PREFIX, prefix);
    }

    /** "10." and numbers between dots. */
    private static boolean isPrefix(String text) {
        if (!text.startsWith("10.") || text.endsWith(".")) {
            return false;
        }
        for (int i = 3; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c == '.' && text.charAt(i - 1) != '.')) {
                return false;
            }
        }
        return true;
    }

    /** Without the labels and the resolvers' addresses that a DOI is written with, and then without their query. */
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

    /** Escapes undone, where what they stand for is text. */
    private static String decoded(String name) {
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
}
