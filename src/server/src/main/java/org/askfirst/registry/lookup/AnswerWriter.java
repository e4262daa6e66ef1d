package org.askfirst.registry.lookup;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.search.NameSearch;
import org.askfirst.registry.search.SearchAnswer;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers as JSON, member by member. The verdicts of a million items are only a few different texts, so these
 * are cached. Not safe for use by several threads.
 */
final class AnswerWriter {
    private static final int USUAL_BYTES = 512;

    private final ObjectMapper mapper;
    private final ObjectWriter values;
    private final Map<Map<Use, Verdict>, SerializableString> texts = new HashMap<>();
    private @Nullable Verdicts last;
    private SerializableString lastText = new SerializedString("");

    AnswerWriter(ObjectMapper mapper) {
        this.mapper = mapper;
        this.values = mapper.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
    }

    /** Returns one answer as {@code Verdicts}, without its id. */
    byte[] one(Answer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = mapper.getFactory().createGenerator(out)) {
            write(answer, false, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Returns answers as {@code LookupLine}, one on each line. */
    byte[] lines(List<Answer> answers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(answers.size() * USUAL_BYTES);
        try (JsonGenerator json = mapper.getFactory().createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (Answer answer : answers) {
                write(answer, true, json);
                json.writeRaw('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /**
     * Writes answers as {@code LookupAnswers}.
     *
     * @param receipt a signed receipt that is included; null for none
     */
    void all(AsOf asOf, List<Answer> answers, @Nullable String receipt, OutputStream out) throws IOException {
        try (JsonGenerator json = mapper.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("position", asOf.position());
            json.writeStringField("asOf", asOf.toString());
            json.writeStringField("answeredAt", asOf.moment().toString());
            json.writeArrayFieldStart("answers");
            for (Answer answer : answers) {
                write(answer, true, json);
            }
            json.writeEndArray();
            if (receipt != null) {
                json.writeStringField("receipt", receipt);
            }
            json.writeEndObject();
        }
    }

    private void write(Answer answer, boolean withId, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (answer.line() > 0) {
            json.writeNumberField("line", answer.line());
        }
        if (withId && answer.id() != null) {
            json.writeStringField("id", answer.id());
        }
        Verdicts verdicts = answer.verdicts();
        if (verdicts == null) {
            if (answer.problem() != null) {
                json.writeFieldName("problem");
                values.writeValue(json, ProblemDocument.of(answer.problem()));
            }
        } else {
            json.writeStringField("verdict", verdicts.verdict().wireName());
            json.writeFieldName("verdicts");
            json.writeRawValue(text(verdicts));
            if (answer.statements() != null) {
                json.writeArrayFieldStart("statements");
                for (Answer.AnswerStatement statement : answer.statements()) {
                    values.writeValue(json, statement);
                }
                json.writeEndArray();
            }
            if (answer.omitted() > 0) {
                json.writeNumberField("omittedCount", answer.omitted());
            }
            if (!answer.offers().isEmpty()) {
                json.writeArrayFieldStart("offers");
                for (Offers.NamedOffer offer : answer.offers()) {
                    values.writeValue(json, offer);
                }
                json.writeEndArray();
            }
        }
        NameSearch.Candidates candidates = answer.candidates();
        if (candidates != null) {
            json.writeArrayFieldStart("candidates");
            for (SearchAnswer.Candidate candidate : candidates.works()) {
                values.writeValue(json, candidate);
            }
            json.writeEndArray();
            if (candidates.incomplete()) {
                json.writeBooleanField("candidatesIncomplete", true);
            }
        }
        if (answer.test()) {
            json.writeBooleanField("test", true);
        }
        json.writeEndObject();
    }

    @SuppressWarnings("ReferenceEquality") // A fast path for the same object; the cache below compares by value.
    private SerializableString text(Verdicts verdicts) {
        // All works without statements share one object.
        if (verdicts != last) {
            last = verdicts;
            lastText = texts.computeIfAbsent(verdicts.uses(), AnswerWriter::text);
        }
        return lastText;
    }

    private static SerializableString text(Map<Use, Verdict> uses) {
        StringBuilder text = new StringBuilder("{");
        uses.forEach((use, verdict) -> text.append(text.length() == 1 ? "" : ",")
                .append('"')
                .append(use.wireName())
                .append("\":\"")
                .append(verdict.wireName())
                .append('"'));
        return new SerializedString(text.append('}').toString());
    }
}
