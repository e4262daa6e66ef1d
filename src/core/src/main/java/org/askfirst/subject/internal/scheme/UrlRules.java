package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;

/** One address on the web. Without a query it covers the address with every query. */
public final class UrlRules implements SchemeRules {
    @Override
    public String parse(String untrusted) {
        return UrlCanonicalizer.url(untrusted, 0);
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.EXACT;
    }

    /** Adds nothing: {@code ExpansionBuilder} expands addresses in one buffer. */
    @Override
    public void containers(String value, Containers to) {}

    @Override
    public void requireDeclarable(String value, SuffixList suffixes) {
        Declarability.requireAddress("url", WebAddress.of("url:" + value));
    }

    @Override
    public List<String> columnNames() {
        return List.of(
                "url",
                "urls",
                "link",
                "links",
                "uri",
                "weblink",
                "webaddress",
                "링크",
                "웹주소",
                "인터넷주소",
                "게시주소",
                "작품링크",
                "작품주소",
                "작품url",
                "페이지주소",
                "바로가기");
    }
}
