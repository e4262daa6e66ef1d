package org.askfirst.subject.internal.scheme;

import java.util.stream.IntStream;
import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.web.SuffixList;

/** Everything under one UCI prefix. */
public final class UciPrefixRules extends IdentifierRules {
    /** The greatest number of parts that a declared prefix may have after the UCI's own prefix. */
    private static final int MAX_COMPONENTS = 6;

    @Override
    protected String read(String plain) {
        String code = UciRules.withoutLabel(plain);
        code = code.endsWith("-") ? code.substring(0, code.length() - 1) : code;
        int end = UciRules.prefixEnd(code);
        if (end <= 0 || (end < code.length() && code.charAt(end) != '-') || code.endsWith("-")) {
            throw Refusal.SHAPE.because(
                    "a UCI prefix is letters and digits, such as I410 or I410-ECN; this is " + Refusal.quote(plain));
        }
        UciRules.requireCharacters(code, end, plain);
        if (code.indexOf(':', end) >= 0) {
            throw Refusal.SHAPE.because("a UCI prefix has no qualifier; this is " + Refusal.quote(plain));
        }
        return "uci-prefix:" + KoreanNumbers.requireBounded(code);
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.prefix(value.length());
    }

    @Override
    public void containers(String value, Containers to) {
        addPrefixes(value, to);
    }

    /**
     * Adds the parts that end at a hyphen of the instance, longest first, and then those that end at a mark of the
     * prefix.
     */
    static void addPrefixes(String value, Containers to) {
        int prefixEnd = UciRules.prefixEnd(value);
        int qualifier = value.indexOf(':', prefixEnd);
        int[] ends = IntStream.range(prefixEnd, qualifier < 0 ? value.length() : qualifier)
                .filter(i -> value.charAt(i) == '-' && value.charAt(i - 1) != '-')
                .limit(MAX_COMPONENTS + 1L)
                .toArray();
        for (int i = ends.length - 1; i >= 0; i--) {
            to.add("uci-prefix", Specificity.prefix(ends[i]), value, 0, ends[i]);
        }
        for (int i = prefixEnd - 1; i > 0; i--) {
            if (value.charAt(i) == ':' || value.charAt(i) == '+') {
                to.add("uci-prefix", Specificity.prefix(i), value, 0, i);
            }
        }
    }

    @Override
    public void requireDeclarable(String prefix, SuffixList suffixes) {
        long components = prefix.substring(UciRules.prefixEnd(prefix))
                .chars()
                .filter(c -> c == '-')
                .count();
        if (components > MAX_COMPONENTS) {
            throw Declarability.undeclarable(
                    Reason.TOO_DEEP, "it has more than " + MAX_COMPONENTS + " parts after its prefix");
        }
    }
}
