package org.askfirst.registry.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * What a host answered, as far as it was read.
 *
 * @param target that answered in the end
 * @param status of HTTP
 * @param body at most as many bytes as are read of a page
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Page(WebTarget target, int status, byte[] body) {
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_FAULT = 500;

    /** Whether it shows what is there. */
    public boolean isThere() {
        return status == OK;
    }

    /** Whether it tells what is there or that nothing is; not so of a server that failed or had no time. */
    public boolean isDefinite() {
        return status < SERVER_FAULT && status != TOO_MANY_REQUESTS;
    }

    /** Whether those characters, which are ASCII, stand anywhere in it. */
    public boolean contains(String ascii) {
        return isThere() && new String(body, StandardCharsets.ISO_8859_1).contains(ascii);
    }

    /** Whether a line of it is just that text. */
    public boolean hasLine(String ascii) {
        return isThere()
                && new String(body, StandardCharsets.UTF_8)
                        .replace("\uFEFF", "")
                        .lines()
                        .anyMatch(line -> line.strip().equals(ascii));
    }

    /**
     * Whether the text stands in the title, or in the content of a meta element, of the head of this page: where
     * whoever makes the page writes, and visitors do not. Parsed as browsers parse.
     */
    public boolean headContains(String text) {
        if (!contains(text)) {
            return false;
        }
        try {
            Element head = Jsoup.parse(new ByteArrayInputStream(body), null, target.toString())
                    .head();
            return head.children().stream().anyMatch(child -> switch (child.normalName()) {
                case "meta" -> child.attr("content").contains(text);
                case "title" -> child.text().contains(text);
                default -> false;
            });
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes in memory can be read", impossible);
        }
    }
}
