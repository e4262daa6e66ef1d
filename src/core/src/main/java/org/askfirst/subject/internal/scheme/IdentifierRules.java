package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/**
 * Rules of an identifier, which is read without what keyboards and spreadsheets do to it. Unless a scheme says otherwise,
 * it names one work, nothing contains it, and it can be declared.
 */
public abstract class IdentifierRules implements SchemeRules {
    @Override
    public final String parse(String untrusted) {
        return read(Spelling.plain(untrusted));
    }

    /** Reads a value that has gone through {@link Spelling#plain}; promises what {@link #parse} does. */
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
