package org.askfirst.registry.lookup;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Reads items from JSON token by token. Nearly all items are plain. An item that is not plain, or whose subjects are
 * refused, is read again as a tree, because the tree's reader can say what is wrong.
 */
final class ItemReader {
    /** Number of characters of an item that is not plain, or of another member of the call. */
    private static final int MAX_VALUE = 1 << 18;

    /** Number of members of a call that are read. A call has fewer; the first of the others are enough to refuse it. */
    private static final int MAX_MEMBERS = 64;

    /**
     * Number of violations that the answers to a call show. Beyond it, each refused item shows its first: otherwise an
     * answer could be many times longer than the request.
     */
    private static final int MAX_VIOLATIONS = 50;

    private final String text;
    private final JsonParser parser;

    /** The number of the line, from 1; 0 if the text is a whole call. */
    private final long line;

    private ItemReader(String text, long line) {
        this.text = text;
        this.line = line;
        this.parser = Json.parser(text);
    }

    /**
     * A call.
     *
     * @param members its members; a list of items is replaced by {@code true}
     * @param items the items of the list
     */
    record Call(JsonNode members, List<Question.Item> items) {}

    /**
     * Reads a call whose member {@code items} is a list.
     *
     * @throws ProblemException {@link Problem#MALFORMED_JSON}, or {@link Problem#TOO_LARGE} if there are more than
     *     {@code maxItems} items
     */
    static Call call(String text, int maxItems) {
        ItemReader reader = new ItemReader(text, 0);
        try (JsonParser parser = reader.parser) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    ? reader.readCall(maxItems)
                    : new Call(Json.parse(text), List.of());
        } catch (JsonProcessingException malformed) {
            throw Json.malformed(malformed, 0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Reads an item from a line of its own.
     *
     * @param line the number of its line, from 1
     * @throws ProblemException {@link Problem#MALFORMED_JSON}
     */
    static Question.Item item(String text, long line) {
        ItemReader reader = new ItemReader(text, line);
        try (JsonParser parser = reader.parser) {
            if (parser.nextToken() == null) {
                return Question.Item.read(Json.parse(text, line), null, line);
            }
            Question.Item item = reader.readItem(null);
            reader.requireEnd();
            return item;
        } catch (JsonProcessingException malformed) {
            throw Json.malformed(malformed, line);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Call readCall(int maxItems) throws IOException {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        List<Question.Item> items = List.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("items")) {
                items = readItems(maxItems);
                members.set(name, BooleanNode.TRUE);
            } else {
                members.set(name, readValue(name));
            }
            if (members.size() == MAX_MEMBERS) {
                return new Call(members, items);
            }
        }
        requireEnd();
        return new Call(members, items);
    }

    /** Reads the value that begins with the current token as a tree. */
    private JsonNode readValue(String name) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getCharOffset();
        if (to - from > MAX_VALUE) {
            throw Problem.TOO_LARGE.because(
                    "The member " + Members.shown(name) + " may have at most " + MAX_VALUE + " characters");
        }
        return Json.parse(text.substring(from, to));
    }

    private List<Question.Item> readItems(int maxItems) throws IOException {
        List<Question.Item> items = new ArrayList<>();
        long place = 0;
        int violations = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (place < maxItems) {
                Question.Item item = readItem(String.valueOf(place));
                ProblemException refused = item.problem();
                if (refused != null) {
                    violations += refused.violations().size();
                    item = violations > MAX_VIOLATIONS
                            ? new Question.Item(item.id(), item.line(), item.subjects(), refused.first())
                            : item;
                }
                items.add(item);
            } else {
                parser.skipChildren();
            }
            place++;
        }
        if (place > maxItems) {
            throw Problem.TOO_LARGE.because("A call takes at most " + maxItems + " items, not " + place
                    + "; send more as " + Lines.MEDIA_TYPE + " or in several calls");
        }
        return items;
    }

    private void requireEnd() throws IOException {
        if (parser.nextToken() != null) {
            // The tree's reader throws the same problem as for all other malformed JSON.
            Json.parse(text, line);
        }
    }

    /**
     * Reads the item that begins with the current token.
     *
     * @param otherwise used as the id if the item has none
     */
    private Question.Item readItem(@Nullable String otherwise) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        Question.Item plain = readPlain(otherwise);
        if (plain != null) {
            return plain;
        }
        int to = (int) parser.currentLocation().getCharOffset();
        return to - from > MAX_VALUE
                ? new Question.Item(
                        otherwise,
                        line,
                        List.of(),
                        Problem.TOO_LARGE.because("An item may have at most " + MAX_VALUE + " characters"))
                : Question.Item.read(Json.parse(text.substring(from, to)), otherwise, line);
    }

    /** Returns the item; null if it is not plain. In both cases the parser then is at the end of the item. */
    private Question.@Nullable Item readPlain(@Nullable String otherwise) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            // The end of a scalar is known only after it is read.
            parser.finishToken();
            return null;
        }
        boolean isPlain = true;
        String id = null;
        List<String> texts = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                id = parser.getText();
            } else if (name.equals("subjects") && value == JsonToken.START_ARRAY) {
                texts = readTexts();
                isPlain &= texts != null;
            } else {
                parser.skipChildren();
                isPlain = false;
            }
        }
        return isPlain && texts != null ? plain(id == null ? otherwise : id, texts) : null;
    }

    private @Nullable List<String> readTexts() throws IOException {
        List<String> texts = new ArrayList<>(2);
        boolean isPlain = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING && texts.size() <= Question.MAX_SUBJECTS) {
                texts.add(parser.getText());
            } else {
                parser.skipChildren();
                isPlain = false;
            }
        }
        return isPlain ? texts : null;
    }

    private Question.@Nullable Item plain(@Nullable String id, List<String> texts) {
        if ((id != null && !Members.isText(id, Question.MAX_ITEM_ID))
                || texts.isEmpty()
                || texts.size() > Question.MAX_SUBJECTS) {
            return null;
        }
        try {
            List<Subject> subjects = new ArrayList<>(texts.size());
            for (String text : texts) {
                if (!Members.isParsable(text)) {
                    return null;
                }
                subjects.add(Subject.parse(text));
            }
            return new Question.Item(id, line, subjects, null);
        } catch (ProblemException refused) {
            return null;
        }
    }
}
