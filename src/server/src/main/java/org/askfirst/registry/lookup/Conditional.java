package org.askfirst.registry.lookup;

import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.HexFormat;
import org.askfirst.subject.Sha256;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Answers that may be cached, with an ETag for conditional requests (RFC 9110). */
public final class Conditional {
    /** A cache may hide a new reservation for this long. */
    private static final String CACHE = "public, max-age=30";

    private static final int ETAG_BYTES = 16;

    private Conditional() {}

    /**
     * Returns the answer, or 304 if the asker already has it. Sets ETag and Cache-Control.
     *
     * @param ifNoneMatch the header {@code If-None-Match}; null if it was not sent
     * @param response receives the headers
     */
    public static RestResponse<byte[]> answer(byte[] body, @Nullable String ifNoneMatch, HttpServerResponse response) {
        String etag = etag(body);
        boolean unchanged = ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(String::strip)
                        .anyMatch(tag ->
                                tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
        response.putHeader(HttpHeaders.ETAG, etag).putHeader(HttpHeaders.CACHE_CONTROL, CACHE);
        return unchanged ? RestResponse.notModified() : RestResponse.ok(body);
    }

    /** Returns a strong ETag: two are equal exactly if the bodies are equal. */
    private static String etag(byte[] body) {
        return "\"" + HexFormat.of().formatHex(Sha256.of(body), 0, ETAG_BYTES) + "\"";
    }
}
