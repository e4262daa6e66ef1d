package org.askfirst.subject;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/**
 * Passes damaged inputs to all code that reads untrusted text and checks the properties of the results: no exception
 * except the problem type, a canonical form that parses to itself, an expansion that is sorted and begins with the
 * subject, and a detail that repeats little of the input.
 *
 * <p>Run with {@code java … SubjectFuzz <seed> <inputs>}; {@code bench/run subject fuzz} does so.
 */
final class SubjectFuzz {
    /** The greatest length of a detail: two quotations of 48 characters each, and our own words. */
    private static final int LONGEST_DETAIL = 400;

    private final Map<SubjectScheme, Integer> parsed = new EnumMap<>(SubjectScheme.class);
    private int refused;

    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[0]);
        int inputs = Integer.parseInt(arguments[1]);
        long start = System.nanoTime();
        SubjectFuzz fuzz = new SubjectFuzz();
        fuzz.run(seed, inputs);
        System.out.printf(
                "%,d inputs with seed %d in %.1f s: %,d refused, parsed %s%n",
                inputs, seed, (System.nanoTime() - start) / 1e9, fuzz.refused, fuzz.parsed);
    }

    void run(long seed, int inputs) {
        Spellings spellings = new Spellings(new SplittableRandom(seed));
        for (int i = 0; i < inputs; i++) {
            String input = spellings.next();
            try {
                check(input);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Input " + i + " of seed " + seed + ": " + escaped(input), e);
            }
        }
    }

    Map<SubjectScheme, Integer> parsed() {
        return parsed;
    }

    void check(String input) {
        try {
            Subject.recognise(input);
        } catch (ProblemException e) {
            checkRefusal(e, Problem.MALFORMED_SUBJECT);
        }
        Subject subject;
        try {
            subject = Subject.parse(input);
        } catch (ProblemException e) {
            checkRefusal(e, Problem.MALFORMED_SUBJECT);
            refused++;
            return;
        }
        parsed.merge(subject.scheme(), 1, Integer::sum);
        require(Subject.parse(subject.canonical()).equals(subject), "not its own canonical form: " + subject);
        require(subject.key().equals(Subject.keyOf(subject.canonical())), "another key");
        try {
            subject.requireDeclarable();
        } catch (ProblemException e) {
            checkRefusal(e, Problem.UNDECLARABLE_SUBJECT);
        }
        checkExpansion(subject);
    }

    private static void checkExpansion(Subject subject) {
        Expansion expansion = subject.expand();
        Optional<SubjectKey> prefilter = subject.sitePrefilter();
        require(expansion.size() >= 1 && expansion.size() <= Expansion.MAX_SIZE, "size " + expansion.size());
        require(expansion.key(0).equals(subject.key()), "does not begin with itself: " + expansion);
        HashSet<SubjectKey> keys = new HashSet<>();
        for (int i = 0; i < expansion.size(); i++) {
            String canonical = expansion.canonical(i);
            SubjectKey key = expansion.key(i);
            require(key.equals(Subject.keyOf(canonical)), "the key of " + canonical + " is another's");
            require(keys.add(key), canonical + " comes twice");
            require(expansion.prefix64(i) == key.prefix64(), "another prefix");
            require(
                    i == 0
                            || expansion.specificity(i) <= expansion.specificity(i - 1)
                            || (expansion.scheme(i) == SubjectScheme.ACCOUNT && subject.scheme() != SubjectScheme.URL),
                    "out of order: " + expansion);
            Subject again = Subject.parse(canonical);
            require(again.canonical().equals(canonical), canonical + " in an expansion is not canonical");
            require(again.scheme() == expansion.scheme(i), "another scheme");
            // INVARIANT: everything that reaches a subject with a site prefilter has the same site prefilter.
            require(
                    prefilter.isEmpty() || prefilter.equals(again.storedSitePrefilter()),
                    canonical + " has another site prefilter than " + subject);
        }
    }

    private static void checkRefusal(ProblemException refusal, Problem problem) {
        require(refusal.problem() == problem, "the problem is another one: " + refusal.problem());
        require(refusal.detail().length() <= LONGEST_DETAIL, "the detail is too long: " + refusal.detail());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static String escaped(String input) {
        StringBuilder escaped = new StringBuilder();
        input.chars()
                .forEach(c -> escaped.append(c >= ' ' && c < 0x7F ? String.valueOf((char) c) : "\\u%04X".formatted(c)));
        return escaped.toString();
    }
}
