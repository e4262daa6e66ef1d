package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
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
import org.askfirst.problem.Reason;

/** Parses strict JSON: UTF-8, no duplicate member, nothing after the value, limited depth. */
public final class Json {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_TEXT = 100_000;
    private static final int MAX_NUMBER = 40;
    private static final int MAX_NAME = 50_000;

    /**
     * Number of tokens of a document. It bounds the memory for its tree, and for the names that are compared. A lookup
     * of 10,000 works with 20 subjects each has 270,000.
     */
    private static final int MAX_TOKENS = 400_000;

    /** The same for a list of 100,000 works, each with an id and a subject. */
    private static final int MAX_TOKENS_OF_A_LIST = 1_000_000;

    /**
     * Beginning of the parser's message for a duplicate member. The parser has no other sign of it; a test would notice
     * a change of the text.
     */
    private static final String DUPLICATE = "Duplicate field '";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Reads a document piece by piece, so it does not refuse tokens after a piece. */
    private static final JsonMapper PIECES = mapper(MAX_TOKENS);

    private static final ObjectReader STRICT = strict(PIECES);
    private static final ObjectReader STRICT_LIST = strict(mapper(MAX_TOKENS_OF_A_LIST));

    private static JsonMapper mapper(int tokens) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxStringLength(MAX_TEXT)
                                .maxNumberLength(MAX_NUMBER)
                                .maxNameLength(MAX_NAME)
                                .maxTokenCount(tokens)
                                .build())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    private static ObjectReader strict(JsonMapper mapper) {
        return mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    private Json() {}

    /**
     * Parses a document.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the kind and the place of the error
     */
    public static JsonNode parse(byte[] utf8) {
        return parse(text(utf8));
    }

    /**
     * Parses a document.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the kind and the place of the error
     */
    public static JsonNode parse(String text) {
        return parse(text, 0);
    }

    /**
     * Parses a document that is one line of a longer text.
     *
     * @param line the number of the line, from 1; the problem names it
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the kind and the place of the error
     */
    public static JsonNode parseLine(byte[] utf8, long line) {
        return parse(text(utf8), line);
    }

    /**
     * Parses a document that may be one line of a longer text.
     *
     * @param line the number of the line, from 1; 0 if the text is a whole document
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the kind and the place of the error
     */
    public static JsonNode parse(String text, long line) {
        return parse(text, line, STRICT);
    }

    /**
     * Parses a document that has a list of up to 100,000 works. Its tree needs some 60 MB, so it is only for callers who
     * have shown a key.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, with the kind and the place of the error
     */
    public static JsonNode parseList(byte[] utf8) {
        return parse(text(utf8), 0, STRICT_LIST);
    }

    private static JsonNode parse(String text, long line, ObjectReader reader) {
        try {
            JsonNode document = reader.readTree(text);
            if (document.isMissingNode()) {
                throw Problem.MALFORMED_JSON.at("", Reason.EMPTY, "The body is empty");
            }
            return document;
        } catch (JsonProcessingException malformed) {
            throw malformed(malformed, line);
        }
    }

    /**
     * Decodes UTF-8, and removes a byte order mark. The JSON parser is not given bytes, because it would also accept
     * UTF-16, overlong forms and unpaired surrogates.
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
            throw Problem.MALFORMED_JSON.at("", Reason.NOT_UTF_8, "The body is not text in UTF-8");
        }
    }

    /** Returns a parser that reads tokens, as strictly. Callers translate its exceptions with {@link #malformed}. */
    public static JsonParser parser(String text) {
        try {
            return PIECES.createParser(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Returns the problem of text that is not JSON, with the kind and the place of the error.
     *
     * @param line the number of the line, from 1; 0 if the text is a whole document
     */
    public static ProblemException malformed(JsonProcessingException malformed, long line) {
        String message = String.valueOf(malformed.getOriginalMessage());
        JsonLocation place = malformed.getLocation();
        long at = line == 0 && place != null ? place.getLineNr() : line;
        String where = (at > 0 ? " at line " + at : "") + (place == null ? "" : ", column " + place.getColumnNr());
        if (message.startsWith(DUPLICATE)) {
            String name = message.substring(DUPLICATE.length(), Math.max(DUPLICATE.length(), message.length() - 1));
            return Problem.MALFORMED_JSON.at(
                    "",
                    Reason.DUPLICATE_MEMBER,
                    "The member " + Members.shown(name) + " is named twice, the second time" + where);
        }
        if (malformed instanceof StreamConstraintsException) {
            if (message.startsWith("Token count")) {
                return Problem.TOO_LARGE.because(
                        "The JSON has more names, values and brackets than this call may have");
            }
            if (message.startsWith("Longest collision chain")) {
                return Problem.TOO_LARGE.because("The JSON has too many names of members");
            }
            if (message.startsWith("Document nesting depth")) {
                return Problem.MALFORMED_JSON.at(
                        "", Reason.TOO_DEEP, "The JSON is nested deeper than " + MAX_DEPTH + " levels" + where);
            }
            String limit = "A string has more than " + MAX_TEXT + " characters";
            if (message.startsWith("Number")) {
                limit = "A number has more than " + MAX_NUMBER + " digits";
            } else if (message.startsWith("Name")) {
                limit = "The name of a member has more than " + MAX_NAME + " characters";
            }
            return Problem.MALFORMED_JSON.at("", Reason.TOO_LONG, limit + where);
        }
        return Problem.MALFORMED_JSON.at("", Reason.SYNTAX_ERROR, "This is not JSON: there is a syntax error" + where);
    }
}
