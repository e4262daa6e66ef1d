package org.askfirst.subject.internal.scheme;

import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;

/** Every address below a directory of one host. */
public final class UnderRules implements SchemeRules {
    /** The greatest number of directories of a declared {@code under}. */
    public static final int MAX_DIRECTORIES = 16;

    @Override
    public String parse(String untrusted) {
        return UrlCanonicalizer.under(untrusted, 0);
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.prefix(address(value).directories());
    }

    /** Adds nothing: {@code ExpansionBuilder} expands addresses in one buffer. */
    @Override
    public void containers(String value, Containers to) {}

    /** Allows a public suffix as host: the rule reaches only that host, which has an owner. */
    @Override
    public void requireDeclarable(String value, SuffixList suffixes) {
        WebAddress address = address(value);
        Declarability.requireAddress("under", address);
        int directories = address.directories();
        if (directories > MAX_DIRECTORIES) {
            throw Declarability.undeclarable(
                    Reason.TOO_DEEP,
                    "it has " + directories + " directories, and at most " + MAX_DIRECTORIES
                            + " are allowed; declare one above it, or the addresses below it as url:");
        }
    }

    private static WebAddress address(String value) {
        return WebAddress.of("under:" + value);
    }
}
