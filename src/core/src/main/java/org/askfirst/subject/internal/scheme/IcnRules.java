package org.askfirst.subject.internal.scheme;

import java.util.List;

/** A work in the Korean integrated copyright number system. The number is opaque, because its format is not public. */
public final class IcnRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        return "icn:" + KoreanNumbers.requireReal(KoreanNumbers.singleSpaced(plain));
    }

    @Override
    public List<String> columnNames() {
        return List.of("icn", "icn번호", "통합저작권번호", "저작권통합번호");
    }
}
