package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/** Everything under one DOI prefix. */
public final class DoiPrefixRules extends IdentifierRules {
    private static final int MAX_CONTAINERS = 8;

    @Override
    protected String read(String plain) {
        String prefix = Spelling.asciiLower(DoiRules.withoutResolver(plain));
        if (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!isPrefix(prefix) || prefix.length() > 64) {
            throw Refusal.SHAPE.because(
                    "a DOI prefix is 10. and a number, such as 10.1234; this is " + Refusal.quote(plain));
        }
        if (isPlaceholder(prefix, prefix.length())) {
            throw Placeholders.placeholder("DOI prefix", plain);
        }
        return "doi-prefix:" + prefix;
    }

    /** Returns true if the number after "10.", up to that end, is zero. */
    static boolean isPlaceholder(String text, int end) {
        int i = 3;
        while (i < end && (text.charAt(i) == '0' || text.charAt(i) == '.')) {
            i++;
        }
        return i == end && end > 3;
    }

    /** Returns true for "10." and numbers between dots. */
    static boolean isPrefix(String text) {
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

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.prefix(value.length());
    }

    @Override
    public void containers(String value, Containers to) {
        addPrefixes(value, value.lastIndexOf('.'), to);
    }

    /**
     * Adds the prefix that ends at {@code end}, and the prefixes of which it is a subdivision. A placeholder is none of
     * them, because nobody can declare it.
     */
    static void addPrefixes(String value, int end, Containers to) {
        int prefixEnd = end;
        for (int i = 0; i < MAX_CONTAINERS && prefixEnd > 3 && !isPlaceholder(value, prefixEnd); i++) {
            to.add("doi-prefix", Specificity.prefix(prefixEnd), value, 0, prefixEnd);
            prefixEnd = value.lastIndexOf('.', prefixEnd - 1);
        }
    }
}
