package org.askfirst.registry.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.quota.Quotas;

/** Answers items, one on each line, all as of one position. Memory use does not depend on the number of lines. */
@ApplicationScoped
class StreamedLookup {
    private static final int MAX_LINE = 1 << 18;
    private static final int BLOCK = 1_000;

    /**
     * Number of bytes after which a block is answered even if it has few lines: 1,000 lines of the maximal length would
     * fill the memory.
     */
    private static final int BLOCK_BYTES = 1 << 20;

    private final Lookup lookup;
    private final ObjectMapper mapper;

    StreamedLookup(Lookup lookup, ObjectMapper mapper) {
        this.lookup = lookup;
        this.mapper = mapper;
    }

    void answer(
            Question question,
            AsOf asOf,
            Quotas.Allowance allowance,
            InputStream body,
            OutputStream out,
            BooleanSupplier outIsFull)
            throws IOException {
        List<Question.Item> block = new ArrayList<>(BLOCK);
        AnswerWriter writer = new AnswerWriter(mapper);
        long place = 0;
        int bytes = 0;
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            Lines lines = new Lines(body, MAX_LINE, () -> write(block, question, asOf, allowance, writer, answers));
            for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    block.add(item(line, place++));
                    bytes += line.bytes().length;
                }
                if (block.size() == BLOCK || bytes >= BLOCK_BYTES) {
                    write(block, question, asOf, allowance, writer, answers);
                    bytes = 0;
                }
            }
            write(block, question, asOf, allowance, writer, answers);
        } catch (UncheckedIOException disconnected) {
            throw disconnected.getCause();
        }
    }

    private static Question.Item item(Lines.Line line, long place) {
        try {
            if (line.tooLong()) {
                throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
            }
            return ItemReader.item(Json.text(line.bytes()), place, line.number());
        } catch (ProblemException refused) {
            return new Question.Item(String.valueOf(place), List.of(), refused);
        }
    }

    /** Answers the items of the block, and empties it. */
    private void write(
            List<Question.Item> block,
            Question question,
            AsOf asOf,
            Quotas.Allowance allowance,
            AnswerWriter writer,
            SpooledOutput answers) {
        if (block.isEmpty()) {
            return;
        }
        try {
            answers.write(writer.lines(answersOrProblems(block, question, asOf, allowance)));
            answers.flush();
        } catch (IOException disconnected) {
            throw new UncheckedIOException(disconnected);
        }
        block.clear();
    }

    /**
     * Returns the answers; if the lookup fails, a problem for each item, because the status line has already been sent.
     */
    private List<Answer> answersOrProblems(
            List<Question.Item> block, Question question, AsOf asOf, Quotas.Allowance allowance) {
        try {
            allowance.take(block.size());
            return lookup.answers(block, question, asOf);
        } catch (SQLException | RuntimeException failure) {
            ProblemException problem = ProblemMapper.failed(failure);
            return block.stream()
                    .map(item -> Answer.refused(item.id(), item.problem() == null ? problem : item.problem()))
                    .toList();
        }
    }
}
