package org.askfirst.subject;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.scheme.Resolver;
import org.askfirst.subject.internal.scheme.SchemeRules;
import org.askfirst.subject.internal.scheme.Shape;
import org.askfirst.subject.internal.text.EverydayNumbers;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * Finds the subject in a text that has no scheme.
 *
 * <p>It looks for a scheme or a label first ("ISBN 978…"), and then for a link; a link to a resolver names the subject
 * that it resolves. Otherwise the shape of the text decides, from the most telling shape to the least. A correct check
 * digit decides between shapes. If two check digits are correct, the person must choose.
 */
final class Recognition {
    private static final Map<String, SubjectScheme> BY_LABEL = labels();

    /** Matches a label and a separator. The separator prevents a label from matching the beginning of a longer one. */
    private static final Pattern LABEL = Pattern.compile(
            "(?i)(?:urn[:]|info:)?(" + String.join("|", BY_LABEL.keySet()) + ")(?:-1[03])?[\\s:/]\\s*(.+)",
            Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("(?i)(?:https?:)?//(?:www\\.)?([^/]+)/(.+)", Pattern.DOTALL);

    private static final List<Clue<Resolver>> RESOLVERS = clues(SchemeRules::resolvers, Resolver::host);

    /** The shapes, most telling first. */
    private static final List<Clue<Shape>> SHAPES = clues(SchemeRules::shapes, Shape::rank);

    /** A sign by which the values of a scheme are recognised. */
    private record Clue<T>(T by, SubjectScheme scheme) {}

    private static Map<String, SubjectScheme> labels() {
        Map<String, SubjectScheme> labels = new TreeMap<>();
        for (SubjectScheme scheme : SubjectScheme.values()) {
            labels.put(scheme.wireName(), scheme);
            scheme.rules().labels().forEach(label -> labels.put(label, scheme));
        }
        return labels;
    }

    private static <T, O extends Comparable<O>> List<Clue<T>> clues(
            Function<SchemeRules, List<T>> each, Function<T, O> order) {
        return Stream.of(SubjectScheme.values())
                .flatMap(scheme -> each.apply(scheme.rules()).stream().map(by -> new Clue<>(by, scheme)))
                .sorted(Comparator.comparing(clue -> order.apply(clue.by())))
                .toList();
    }

    private Recognition() {}

    /** Returns the subject of a text. An address that names an account is the account, unless a label says "url". */
    static Subject recognise(String untrusted) {
        Subject subject = recogniseAny(untrusted);
        return subject.scheme() == SubjectScheme.URL && !isLabelled(untrusted)
                ? subject.namedAccount().orElse(subject)
                : subject;
    }

    private static boolean isLabelled(String untrusted) {
        return untrusted.length() <= Spelling.MAX_INPUT_LENGTH
                && LABEL.matcher(Spelling.plain(untrusted)).matches();
    }

    private static Subject recogniseAny(String untrusted) {
        if (untrusted.length() > Spelling.MAX_INPUT_LENGTH) {
            // Only addresses are that long.
            return Subject.parse("url:" + untrusted);
        }
        String plain = Spelling.plain(untrusted);
        if (EverydayNumbers.isWritten(plain)) {
            throw namesNoWork();
        }
        Optional<Subject> labelled = parseLabelled(plain);
        if (labelled.isPresent()) {
            return labelled.get();
        }
        if (LINK.matcher(plain).matches() || plain.contains("://")) {
            return parseLink(untrusted, plain);
        }
        List<Subject> subjects = new ArrayList<>();
        List<ProblemException> refusals = new ArrayList<>();
        match(plain, subjects, refusals);
        return decide(untrusted, plain, subjects.stream().distinct().toList(), refusals);
    }

    private static ProblemException namesNoWork() {
        return Refusal.SHAPE.because("this looks like a date, a telephone number or a number of a person or a"
                + " business, which names no work; if it is the number of a work, write the scheme in front of it");
    }

    /** Returns the subject that a text without a known scheme probably means; empty if there is none. */
    static Optional<Subject> guess(String untrusted) {
        try {
            return Optional.of(recognise(untrusted));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    /** Returns the subject; empty if the text is not a value of that scheme. */
    static Optional<Subject> attempt(SubjectScheme scheme, String text) {
        try {
            return Optional.of(Subject.parse(scheme.wireName() + ":" + text));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    private static Optional<Subject> parseLabelled(String plain) {
        var label = LABEL.matcher(plain);
        if (!label.matches()) {
            return Optional.empty();
        }
        String name = Spelling.asciiLower(label.group(1));
        SubjectScheme scheme = Objects.requireNonNull(BY_LABEL.get(name), name);
        return Optional.of(Subject.parse(scheme.wireName() + ":" + label.group(2)));
    }

    private static Subject parseLink(String untrusted, String plain) {
        var link = LINK.matcher(plain);
        if (link.matches()) {
            String host = Spelling.asciiLower(link.group(1));
            String path = link.group(2);
            for (Clue<Resolver> clue : RESOLVERS) {
                Resolver resolver = clue.by();
                if (host.equals(resolver.host())
                        && path.regionMatches(
                                true, 0, resolver.path(), 0, resolver.path().length())) {
                    String value = withoutQuery(path.substring(resolver.path().length()));
                    Optional<Subject> subject = attempt(clue.scheme(), value);
                    if (subject.isPresent()) {
                        return subject.get();
                    }
                    if (value.indexOf(' ') >= 0) {
                        // Escaped, the white space would hide the fault of the identifier in an address.
                        return Subject.parse(clue.scheme().wireName() + ":" + value);
                    }
                }
            }
        }
        return Subject.parse("url:" + untrusted);
    }

    private static String withoutQuery(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '?' && path.charAt(end) != '#') {
            end++;
        }
        return path.substring(0, end);
    }

    private static void match(String plain, List<Subject> subjects, List<ProblemException> refusals) {
        String compact = Spelling.compact(plain);
        for (Clue<Shape> shape : SHAPES) {
            String text = shape.by().compact() ? compact : plain;
            if (shape.by().pattern().matcher(text).matches()) {
                try {
                    subjects.add(Subject.parse(shape.scheme().wireName() + ":" + plain));
                } catch (ProblemException e) {
                    refusals.add(e);
                }
            }
        }
    }

    private static Subject decide(
            String untrusted, String plain, List<Subject> subjects, List<ProblemException> refusals) {
        // Only an ISSN is printed with a hyphen in the middle, so only eight digits without one are ambiguous.
        boolean isAmbiguous = subjects.size() > 1 && plain.length() == 8;
        if (isAmbiguous) {
            throw Refusal.AMBIGUOUS.because(Refusal.quote(plain) + " is valid as "
                    + subjects.get(0).canonical() + " and as " + subjects.get(1).canonical() + "; name the scheme");
        }
        if (!subjects.isEmpty()) {
            return subjects.get(0);
        }
        if (refusals.isEmpty() && plain.indexOf(':') > 0) {
            // It looks like an address, so the refusal describes its fault as an address.
            return Subject.parse("url:" + untrusted);
        }
        Optional<Subject> address = plain.indexOf(' ') < 0 ? attempt(SubjectScheme.URL, untrusted) : Optional.empty();
        if (address.isPresent()) {
            return address.get();
        }
        if (EverydayNumbers.isPossible(plain)) {
            throw namesNoWork();
        }
        if (!refusals.isEmpty()) {
            throw refusals.get(0);
        }
        throw Refusal.SHAPE.because(Refusal.quote(plain) + " is neither a link nor a known identifier; write the"
                + " scheme in front of it, as in isbn:9788936434120");
    }
}
