package org.askfirst.registry.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.askfirst.subject.Sha256;

/**
 * A title or a name, folded so that two spellings of it are equal.
 *
 * <p>Folding ignores case, width, compatibility forms and accents, and leaves out white space, punctuation and invisible
 * characters. So 「달 토끼」 and 「달토끼」 are equal. A text of punctuation alone keeps its punctuation.
 *
 * @param text without white space; empty if nothing can be searched
 * @param words the parts of the text between white space and punctuation
 */
record FoldedName(String text, List<String> words) {
    /** Number of code points of a folded text; the rest is not searched. */
    static final int MAX_POINTS = 200;

    /** Number of characters that are folded at all. */
    private static final int MAX_READ = 1_000;

    private static final int FIRST_ACCENT = 0x300;
    private static final int LAST_ACCENT = 0x36F;
    private static final int START = 0;

    FoldedName {
        words = List.copyOf(words);
    }

    /** The kinds of names; each has bigrams of its own. */
    enum Kind {
        WORK(1),
        PARTY(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        static Kind numbered(int number) {
            return number == WORK.number ? WORK : PARTY;
        }
    }

    static FoldedName of(String name) {
        return of(name, MAX_POINTS);
    }

    static FoldedName of(String name, int maxPoints) {
        String folded = fold(name.length() > MAX_READ ? name.substring(0, MAX_READ) : name);
        List<String> words = words(folded, false, maxPoints);
        if (words.isEmpty()) {
            words = words(folded, true, maxPoints);
        }
        return new FoldedName(String.join("", words), words);
    }

    private static String fold(String name) {
        String wide = Normalizer.normalize(name, Normalizer.Form.NFKC);
        String lower = wide.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        StringBuilder bare = new StringBuilder();
        Normalizer.normalize(lower, Normalizer.Form.NFKD)
                .codePoints()
                .filter(point -> point < FIRST_ACCENT || point > LAST_ACCENT)
                .forEach(bare::appendCodePoint);
        return Normalizer.normalize(bare, Normalizer.Form.NFC);
    }

    private static List<String> words(String folded, boolean withPunctuation, int maxPoints) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int count = 0;
        for (int point : folded.codePoints().toArray()) {
            if (isNothing(point)) {
                continue;
            }
            if (Character.isWhitespace(point)
                    || Character.isSpaceChar(point)
                    || (!withPunctuation && isPunctuation(point))) {
                addWord(words, word);
            } else if (count < maxPoints) {
                word.appendCodePoint(point);
                count++;
            }
        }
        addWord(words, word);
        return words;
    }

    private static void addWord(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean isNothing(int point) {
        return switch (Character.getType(point)) {
            case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> true;
            case Character.CONTROL -> !Character.isWhitespace(point);
            // The variation selectors and the Hangul fillers.
            default -> (point >= 0xFE00 && point <= 0xFE0F) || point == 0x115F || point == 0x1160;
        };
    }

    private static boolean isPunctuation(int point) {
        return switch (Character.getType(point)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Returns the grams under which a name of that kind is stored: its bigrams, and one for its beginning. */
    void addGrams(Kind kind, Set<Integer> grams) {
        int[] points = text.codePoints().toArray();
        if (points.length > 0) {
            grams.add(gram(kind, START, points[0]));
        }
        addBigrams(kind, points, grams);
    }

    /**
     * Returns the grams that a name has if it contains all words of this one. A text of one character finds only the
     * names that begin with it.
     */
    Set<Integer> requiredGrams(Kind kind) {
        Set<Integer> grams = new LinkedHashSet<>();
        int[] points = text.codePoints().toArray();
        if (points.length == 1) {
            grams.add(gram(kind, START, points[0]));
            return grams;
        }
        words.forEach(word -> addBigrams(kind, word.codePoints().toArray(), grams));
        if (grams.isEmpty()) {
            addBigrams(kind, points, grams);
        }
        return grams;
    }

    /**
     * Returns three thirds of the bigrams. A name that differs in one character has all bigrams of at least one third.
     * The list is empty if the text is too short.
     */
    List<Set<Integer>> thirds(Kind kind) {
        int[] points = text.codePoints().toArray();
        int bigrams = points.length - 1;
        List<Set<Integer>> thirds = new ArrayList<>();
        if (bigrams < 5) {
            return thirds;
        }
        for (int third = 0; third < 3; third++) {
            Set<Integer> grams = new LinkedHashSet<>();
            for (int i = bigrams * third / 3; i < bigrams * (third + 1) / 3; i++) {
                grams.add(gram(kind, points[i], points[i + 1]));
            }
            thirds.add(grams);
        }
        return thirds;
    }

    private static void addBigrams(Kind kind, int[] points, Set<Integer> grams) {
        for (int i = 0; i + 1 < points.length; i++) {
            grams.add(gram(kind, points[i], points[i + 1]));
        }
    }

    /** Mixes two code points into 32 bits. Two bigrams may collide, so a search compares the texts too. */
    private static int gram(Kind kind, int first, int second) {
        int mixed = (kind.number() * 31 + first) * 0x9E3779B1 ^ second * 0x85EBCA6B;
        return mixed ^ mixed >>> 15;
    }

    /** Returns a number that equal texts of one kind share. */
    long exact(Kind kind) {
        byte[] hash = Sha256.of(kind.number() + text);
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = (number << Byte.SIZE) | (hash[i] & 0xFF);
        }
        return number;
    }

    /**
     * Returns how much this text resembles others, from 0 to 1000: Dice's coefficient of the bigrams. It compares with
     * each text alone and with all together, and takes the best.
     */
    int likeness(List<String> others) {
        Set<Long> own = bigrams(text);
        Set<Long> all = new LinkedHashSet<>();
        int best = 0;
        for (String other : others) {
            if (own.isEmpty()) {
                int length = other.codePointCount(0, other.length());
                best = Math.max(best, other.startsWith(text) ? 1000 / Math.max(1, length) : 0);
                continue;
            }
            Set<Long> some = bigrams(other);
            all.addAll(some);
            best = Math.max(best, dice(own, some));
        }
        return Math.max(best, own.isEmpty() ? 0 : dice(own, all));
    }

    private static int dice(Set<Long> one, Set<Long> other) {
        long shared = one.stream().filter(other::contains).count();
        return (int) (2_000 * shared / Math.max(1, one.size() + other.size()));
    }

    private static Set<Long> bigrams(String text) {
        int[] points = text.codePoints().toArray();
        Set<Long> bigrams = new LinkedHashSet<>();
        for (int i = 0; i + 1 < points.length; i++) {
            bigrams.add((long) points[i] << Integer.SIZE | points[i + 1]);
        }
        return bigrams;
    }

    /** Returns true if the texts contain all words of this name, or its whole text. */
    boolean isIn(String title, List<String> texts) {
        String all = title + "\n" + String.join("\n", texts);
        if (text.codePointCount(0, text.length()) == 1) {
            return title.startsWith(text) || texts.stream().anyMatch(other -> other.startsWith(text));
        }
        return all.contains(text) || words.stream().allMatch(all::contains);
    }
}
