package org.askfirst.registry.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Continuation;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.http.SpooledOutput;
import org.askfirst.registry.quota.Pace;
import org.askfirst.registry.search.SearchResource;
import org.askfirst.registry.transparency.Receipts;
import org.jspecify.annotations.Nullable;

/**
 * Answers items, one on each line, all as of one position. Memory use does not depend on the number of lines.
 *
 * <p>Each line is paid for from the asker's quota, also a blank one. If the quota is used up, the stream waits before it
 * reads on. If it has to end before its request does, its answer names the first line that has no answer.
 */
@ApplicationScoped
class StreamedLookup {
    private static final int MAX_LINE = 1 << 18;
    private static final int BLOCK = 1_000;

    /** Number of lines whose answers are in memory at once: an answer with 50 statements has some 30 KiB. */
    private static final int TOGETHER = 250;

    /**
     * Number of bytes after which a block is answered even if it has few lines: 1,000 lines of the maximal length would
     * fill the memory.
     */
    private static final int BLOCK_BYTES = 1 << 20;

    private final Lookup lookup;
    private final Receipts receipts;
    private final ObjectMapper mapper;

    StreamedLookup(Lookup lookup, Receipts receipts, ObjectMapper mapper) {
        this.lookup = lookup;
        this.receipts = receipts;
        this.mapper = mapper;
    }

    /** Thrown within a call to end it before its request ends. */
    private static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EndedException() {
            super(null, null, false, false);
        }
    }

    /**
     * Answers all lines of {@code body}.
     *
     * @param signed true if the last line of the answer is a receipt
     */
    void answer(
            Question question,
            AsOf asOf,
            Pace pace,
            boolean signed,
            InputStream body,
            OutputStream out,
            BooleanSupplier outIsFull)
            throws IOException {
        try (SpooledOutput answers = new SpooledOutput(out, outIsFull)) {
            Call call = new Call(question, asOf, pace, signed ? new Transcript() : null, answers);
            boolean isWhole = call.answer(body);
            call.finish(isWhole);
            if (!isWhole) {
                // A client that sends everything before it reads must get to read.
                Body.drain(body);
            }
        } catch (UncheckedIOException disconnected) {
            throw disconnected.getCause();
        }
    }

    private static Question.Item item(Lines.Line line) {
        try {
            if (line.tooLong()) {
                throw Problem.TOO_LARGE.because("A line may have at most " + MAX_LINE + " bytes");
            }
            return ItemReader.item(Json.text(line.bytes()), line.number());
        } catch (ProblemException refused) {
            return new Question.Item(null, line.number(), List.of(), refused);
        }
    }

    /** One call: the lines that are read and not yet answered, and the answers. */
    private final class Call {
        private final Question question;
        private final AsOf asOf;
        private final Pace pace;
        private final @Nullable Transcript transcript;
        private final SpooledOutput answers;
        private final AnswerWriter writer = new AnswerWriter(mapper);
        private final List<Question.Item> items = new ArrayList<>(BLOCK);
        private long firstOpen = 1;
        private long lastRead;
        private int bytes;
        private int titled;

        Call(Question question, AsOf asOf, Pace pace, @Nullable Transcript transcript, SpooledOutput answers) {
            this.question = question;
            this.asOf = asOf;
            this.pace = pace;
            this.transcript = transcript;
            this.answers = answers;
        }

        /** Returns false if the call ended before its request. */
        boolean answer(InputStream body) {
            Lines lines = new Lines(body, MAX_LINE, this::settle);
            try {
                for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                    take(line);
                    answers.received(lines.received());
                }
                settle();
                return true;
            } catch (EndedException ended) {
                return false;
            }
        }

        private void take(Lines.Line line) {
            Question.Item item = line.isBlank() ? null : item(line).bounded(titled);
            if (item != null && item.named() != null) {
                settle();
                payForTitle();
            }
            lastRead = line.number();
            bytes += line.bytes().length;
            if (transcript != null) {
                transcript.read(line);
            }
            if (item != null) {
                items.add(item);
            }
            if (lastRead - firstOpen + 1 >= BLOCK || bytes >= BLOCK_BYTES) {
                settle();
            }
        }

        /** Pays for a search, before the line counts as read. */
        private void payForTitle() {
            titled++;
            for (int owed = SearchResource.WORKS_OF_A_SEARCH; owed > 0; ) {
                int paid = pace.take(owed);
                if (paid == 0) {
                    throw new EndedException();
                }
                owed -= paid;
            }
        }

        /** Pays for all lines that were read, and answers them. Waits for the quota as often as needed. */
        private void settle() {
            while (firstOpen <= lastRead) {
                int paid = pace.take((int) (lastRead - firstOpen + 1));
                if (paid == 0) {
                    throw new EndedException();
                }
                firstOpen += paid;
                answer(firstOpen > lastRead ? items : itemsBefore(firstOpen));
                if (transcript != null) {
                    transcript.paid(paid);
                }
            }
            bytes = 0;
        }

        private List<Question.Item> itemsBefore(long line) {
            int count = 0;
            while (count < items.size() && items.get(count).line() < line) {
                count++;
            }
            return items.subList(0, count);
        }

        /** Answers the items, and removes them. */
        private void answer(List<Question.Item> paid) {
            if (paid.isEmpty()) {
                return;
            }
            for (int from = 0; from < paid.size(); from += TOGETHER) {
                int to = Math.min(paid.size(), from + TOGETHER);
                write(writer.lines(answersOrProblems(paid.subList(from, to))));
            }
            paid.clear();
        }

        /**
         * Returns the answers; if the lookup fails, a problem for each item, because the status line has already been
         * sent.
         */
        private List<Answer> answersOrProblems(List<Question.Item> block) {
            try {
                return lookup.answers(block, question, asOf);
            } catch (SQLException | RuntimeException failure) {
                ProblemException problem = ProblemMapper.failed(failure);
                return block.stream()
                        .map(item -> Answer.refused(item, item.problem() == null ? problem : item.problem()))
                        .toList();
            }
        }

        /** Writes the lines after the last answer: the place where the next call continues, and the receipt. */
        void finish(boolean isWhole) {
            try {
                if (!isWhole) {
                    String reason = pace.isBusy() ? Continuation.BUSY : Continuation.QUOTA;
                    Continuation next = new Continuation(firstOpen, pace.retryAfter(), reason);
                    write(next.asLine());
                }
                if (transcript != null) {
                    write(line(
                            "receipt",
                            receipts.ofLookupLines(
                                    transcript.asked(),
                                    transcript.answered(),
                                    transcript.count(),
                                    question.claims(),
                                    asOf.position(),
                                    asOf.moment())));
                }
            } catch (SQLException failure) {
                // The status has been sent already. Only an aborted connection shows that the receipt is missing.
                throw new UncheckedIOException(new IOException("no receipt can be signed", failure));
            }
        }

        private byte[] line(String member, Object value) {
            try {
                byte[] json = mapper.writeValueAsBytes(Map.of(member, value));
                byte[] line = Arrays.copyOf(json, json.length + 1);
                line[json.length] = '\n';
                return line;
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private void write(byte[] lines) {
            try {
                if (transcript != null) {
                    transcript.wrote(lines);
                }
                answers.write(lines);
                answers.flush();
            } catch (IOException disconnected) {
                throw new UncheckedIOException(disconnected);
            }
        }
    }
}
