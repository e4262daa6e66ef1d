package org.askfirst.registry.lookup;

import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.HexFormat;
import org.askfirst.subject.Sha256;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Answers that may be cached, and are not sent again to who has them. */
public final class Conditional {
    /** A "no" declared meanwhile may go unseen for so long by whoever asks through a cache. */
    private static final String CACHE = "public, max-age=30";

    private static final int ETAG_BYTES = 16;

    private Conditional() {}

    /**
     * The answer, or 304 if one of the ETags that the asker knows is its own.
     *
     * @param known the header {@code If-None-Match}, if it was sent
     * @param response gets the headers
     */
    public static RestResponse<byte[]> answer(byte[] body, @Nullable String known, HttpServerResponse response) {
        String etag = etag(body);
        boolean unchanged = known != null
                && Arrays.stream(known.split(","))
                        .map(String::strip)
                        .anyMatch(tag ->
                                tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
        response.putHeader(HttpHeaders.ETAG, etag).putHeader(HttpHeaders.CACHE_CONTROL, CACHE);
        return unchanged ? RestResponse.notModified() : RestResponse.ok(body);
    }

    /** Strong: equal exactly when the bytes are. */
    private static String etag(byte[] body) {
        return "\"" + HexFormat.of().formatHex(Sha256.of(body), 0, ETAG_BYTES) + "\"";
    }
}
