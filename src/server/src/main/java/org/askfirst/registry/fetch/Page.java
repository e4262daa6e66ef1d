package org.askfirst.registry.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * The answer of a host.
 *
 * @param target that answered, after all redirects
 * @param status of HTTP
 * @param body cut after the maximal number of bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Page(WebTarget target, int status, byte[] body) {
    private static final String META_NAME = "askfirst";
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_FAULT = 500;

    /** Returns true if the page exists. */
    public boolean isThere() {
        return status == OK;
    }

    /**
     * Returns true if the answer shows the page, or shows that it does not exist; false if the server failed or was
     * busy.
     */
    public boolean isDefinite() {
        return status < SERVER_FAULT && status != TOO_MANY_REQUESTS;
    }

    /** Returns true if the page has the characters, which are ASCII, anywhere. */
    public boolean contains(String ascii) {
        return isThere() && new String(body, StandardCharsets.ISO_8859_1).contains(ascii);
    }

    /** Returns true if a line of the page is exactly this text, apart from white space around it. */
    public boolean hasLine(String ascii) {
        return isThere()
                && new String(body, StandardCharsets.UTF_8)
                        .replace("\uFEFF", "")
                        .lines()
                        .anyMatch(line -> line.strip().equals(ascii));
    }

    /**
     * Returns true if the head of the page has {@code <meta name="askfirst">} with exactly this content. Authors of a
     * page write there, and visitors cannot. The title and other meta elements prove nothing, because many sites fill
     * them with texts of visitors. Parsed as browsers parse.
     */
    public boolean hasMeta(String content) {
        if (!contains(content)) {
            return false;
        }
        try {
            Element head = Jsoup.parse(new ByteArrayInputStream(body), null, target.toString())
                    .head();
            return head.children().stream()
                    .anyMatch(child -> child.normalName().equals("meta")
                            && child.attr("name").strip().equalsIgnoreCase(META_NAME)
                            && child.attr("content").strip().equals(content));
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes in memory cannot be read", impossible);
        }
    }
}
