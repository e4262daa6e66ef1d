package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/** Strict JSON: no member twice, nothing after the value, bounded depth, UTF-8. */
public final class Json {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_TEXT = 100_000;
    private static final int MAX_NUMBER = 40;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** For whoever reads a document piece by piece: behind a piece there is more. */
    private static final JsonMapper PIECES = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final ObjectReader STRICT = PIECES.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * The document.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the place
     */
    public static JsonNode parse(byte[] utf8) {
        return parse(text(utf8));
    }

    /**
     * The document in that text.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the place
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode document = STRICT.readTree(text);
            if (document.isMissingNode()) {
                throw Problem.MALFORMED_JSON.because("The body is empty");
            }
            return document;
        } catch (JsonProcessingException malformed) {
            throw malformed(malformed);
        }
    }

    /**
     * The text, without a byte order mark. A parser of bytes would take UTF-16 too, and overlong forms and halves of
     * pairs in UTF-8.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON} if it is not UTF-8
     */
    public static String text(byte[] utf8) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw Problem.MALFORMED_JSON.because("The body is not text in UTF-8");
        }
    }

    /** Reads that text token by token, as strictly; what is thrown is to be told as {@link #malformed} does. */
    public static JsonParser parser(String text) {
        try {
            return PIECES.createParser(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What is said of text that is no JSON. */
    public static ProblemException malformed(JsonProcessingException malformed) {
        JsonLocation place = malformed.getLocation();
        return Problem.MALFORMED_JSON.because(
                place == null
                        ? "The body cannot be read as JSON"
                        : "The body cannot be read as JSON, from line " + place.getLineNr() + ", column "
                                + place.getColumnNr()
                                + ": a syntax error, a member named twice, or nested or long beyond reason");
    }
}
