package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/**
 * The rules of an identifier, which first undo the changes of keyboards and spreadsheets. By default, an identifier
 * names one work, nothing contains it, and it can be declared.
 */
public abstract class IdentifierRules implements SchemeRules {
    @Override
    public final String parse(String untrusted) {
        return read(Spelling.plain(untrusted));
    }

    /** Reads a value after {@link Spelling#plain}, with the promises of {@link #parse}. */
    protected abstract String read(String plain);

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.EXACT;
    }

    @Override
    public void containers(String value, Containers to) {}

    @Override
    public void requireDeclarable(String value, SuffixList suffixes) {}
}
