package org.askfirst.registry.search;

import java.util.Locale;

/** The ways in which a search finds something, best first. Results are in this order. */
enum Match {
    /** The text is an identifier of the work or the id of the party. */
    IDENTIFIER,
    /** The folded text equals the title or the name. */
    TITLE,
    /** The title and the creators contain all words of the text. */
    WORDS,
    /** Many bigrams are the same. */
    SIMILAR;

    /** Returns the match after this one; the last one is followed by itself. */
    Match next() {
        return switch (this) {
            case IDENTIFIER -> TITLE;
            case TITLE -> WORDS;
            case WORDS, SIMILAR -> SIMILAR;
        };
    }

    /** Returns the name in the contract. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
