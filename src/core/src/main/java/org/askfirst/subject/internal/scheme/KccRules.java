package org.askfirst.subject.internal.scheme;

import java.util.List;

/** A work registered with the Korea Copyright Commission. The number is opaque, because its format is not public. */
public final class KccRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        return "kcc:" + KoreanNumbers.requireReal(KoreanNumbers.singleSpaced(plain));
    }

    @Override
    public List<String> columnNames() {
        return List.of("kcc", "저작권등록번호");
    }
}
