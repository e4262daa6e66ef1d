package org.askfirst.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/** Reads whole request bodies, up to a limit. */
public final class Body {
    /**
     * Number of bytes beyond the limit that are read and discarded, so that a client that is still sending receives the
     * answer.
     */
    private static final long DRAIN_LIMIT = 64L << 20;

    private Body() {}

    /**
     * Returns the body as strict JSON.
     *
     * @throws ProblemException {@link Problem#TOO_LARGE} if it has more than {@code limit} bytes, or
     *     {@link Problem#MALFORMED_JSON}
     */
    public static JsonNode json(InputStream body, int limit) {
        return Json.parse(bytes(body, limit));
    }

    /**
     * Returns the body as text in UTF-8.
     *
     * @throws ProblemException {@link Problem#TOO_LARGE} if it has more than {@code limit} bytes, or
     *     {@link Problem#MALFORMED_REQUEST} if it is not UTF-8
     */
    public static String text(InputStream body, int limit) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(body, limit)))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw Problem.MALFORMED_REQUEST.because("The body is not text in UTF-8");
        }
    }

    /**
     * Returns the bytes of the body.
     *
     * @throws ProblemException {@link Problem#TOO_LARGE} if it has more than {@code limit} bytes, or
     *     {@link Problem#MALFORMED_REQUEST} if the client disconnects
     */
    public static byte[] bytes(InputStream body, int limit) {
        try {
            if (body instanceof ByteArrayInputStream whole && whole.available() <= limit) {
                return whole.readAllBytes();
            }
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length <= limit) {
                return bytes;
            }
            drain(body);
        } catch (IOException broken) {
            throw Problem.MALFORMED_REQUEST.because("The body is incomplete");
        }
        throw Problem.TOO_LARGE.because("The body may have at most " + limit + " bytes");
    }

    /** Reads and discards the rest of the body, up to a limit. */
    public static void drain(InputStream body) throws IOException {
        byte[] bin = new byte[1 << 16];
        long drained = 0;
        for (int read = body.read(bin); read >= 0 && drained < DRAIN_LIMIT; read = body.read(bin)) {
            drained += read;
        }
    }
}
