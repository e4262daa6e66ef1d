package org.askfirst.subject.internal.scheme;

import java.util.List;

/** A work registered with the Korea Copyright Commission; opaque, for it has no public format. */
public final class KccRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        return "kcc:" + KoreanNumbers.bounded(KoreanNumbers.oneSpaced(plain));
    }

    @Override
    public List<String> columnNames() {
        return List.of("kcc", "저작권등록번호");
    }
}
