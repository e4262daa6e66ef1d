package org.askfirst.registry.http;

import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.askfirst.subject.Sha256;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Answers that may be cached, with an ETag for conditional requests (RFC 9110). */
public final class Conditional {
    /** A cache may hide a new reservation for this long. */
    private static final String CACHE = "public, max-age=30";

    private static final int ETAG_BYTES = 16;
    private static final Pattern CODED = Pattern.compile("-(?:gzip|br|zstd|deflate)\"$");

    private Conditional() {}

    /**
     * Returns the answer, or 304 if the asker already has it. Sets ETag and Cache-Control.
     *
     * @param ifNoneMatch the header {@code If-None-Match}; null if it was not sent
     * @param response receives the headers
     */
    public static RestResponse<byte[]> answer(byte[] body, @Nullable String ifNoneMatch, HttpServerResponse response) {
        return answer(body, etag(body), CACHE, ifNoneMatch, response);
    }

    /**
     * Returns the answer, or 304 if the asker already has it. Sets ETag and Cache-Control.
     *
     * @param etag the strong ETag of the answer
     * @param caching the value of Cache-Control
     * @param ifNoneMatch the header {@code If-None-Match}; null if it was not sent
     * @param response receives the headers
     */
    public static RestResponse<byte[]> answer(
            byte[] body, String etag, String caching, @Nullable String ifNoneMatch, HttpServerResponse response) {
        response.putHeader(HttpHeaders.ETAG, etag).putHeader(HttpHeaders.CACHE_CONTROL, caching);
        return matching(ifNoneMatch, etag) == null ? RestResponse.ok(body) : RestResponse.notModified();
    }

    /** Returns a strong ETag: two are equal exactly if the bodies are equal. */
    public static String etag(byte[] body) {
        return "\"" + HexFormat.of().formatHex(Sha256.of(body), 0, ETAG_BYTES) + "\"";
    }

    /**
     * Returns the first of the asker's tags that means the same answer, in any content coding; null if none does. For
     * {@code *} it is the tag itself.
     *
     * @param etag the tag of the plain answer, or of a coded one
     */
    public static @Nullable String matching(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return null;
        }
        String plain = plain(etag);
        for (String each : ifNoneMatch.split(",", -1)) {
            String tag = each.strip();
            if (tag.equals("*")) {
                return etag;
            }
            String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
            if (plain(strong).equals(plain)) {
                return strong;
            }
        }
        return null;
    }

    private static String plain(String etag) {
        return CODED.matcher(etag).replaceFirst("\"");
    }

    /** Returns the tag of the answer in a content coding. */
    static String coded(String etag, String coding) {
        return etag.endsWith("\"") ? etag.substring(0, etag.length() - 1) + "-" + coding + "\"" : etag;
    }
}
