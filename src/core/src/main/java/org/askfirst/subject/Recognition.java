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
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * What a person pastes, without saying what it is.
 *
 * <p>First a scheme or a label in front ("ISBN 978…"), then links, of which those to a resolver name what they resolve,
 * then the shape of the text, from the shape that says most to the one that says least. A check digit that fits decides;
 * where two fit, the person must say which.
 */
final class Recognition {
    private static final Map<String, SubjectScheme> BY_LABEL = labels();

    /** A label ends before a separator, so that no label is taken for the beginning of a longer one. */
    private static final Pattern LABEL = Pattern.compile(
            "(?i)(?:urn[:]|info:)?(" + String.join("|", BY_LABEL.keySet()) + ")(?:-1[03])?[\\s:/]\\s*(.+)",
            Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("(?i)(?:https?:)?//(?:www\\.)?([^/]+)/(.+)", Pattern.DOTALL);

    private static final List<Clue<Resolver>> RESOLVERS = clues(SchemeRules::resolvers, Resolver::host);

    /** The most telling first. */
    private static final List<Clue<Shape>> SHAPES = clues(SchemeRules::shapes, Shape::rank);

    /** Something by which values of a scheme are known. */
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

    static Subject recognise(String untrusted) {
        if (untrusted.length() > Spelling.MAX_INPUT_LENGTH) {
            // Only an address is that long.
            return Subject.parse("url:" + untrusted);
        }
        String plain = Spelling.plain(untrusted);
        Optional<Subject> labelled = labelled(plain);
        if (labelled.isPresent()) {
            return labelled.get();
        }
        if (LINK.matcher(plain).matches() || plain.contains("://")) {
            return link(untrusted, plain);
        }
        List<Subject> found = new ArrayList<>();
        List<ProblemException> refused = new ArrayList<>();
        match(plain, found, refused);
        return decide(untrusted, plain, found.stream().distinct().toList(), refused);
    }

    /** The subject that a text without a known scheme probably means; empty if it looks like none. */
    static Optional<Subject> guess(String untrusted) {
        try {
            return Optional.of(recognise(untrusted));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    /** The subject, or nothing where the text is none of that scheme. */
    static Optional<Subject> attempt(SubjectScheme scheme, String text) {
        try {
            return Optional.of(Subject.parse(scheme.wireName() + ":" + text));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    private static Optional<Subject> labelled(String plain) {
        var label = LABEL.matcher(plain);
        if (!label.matches()) {
            return Optional.empty();
        }
        String name = Spelling.asciiLower(label.group(1));
        SubjectScheme scheme = Objects.requireNonNull(BY_LABEL.get(name), name);
        return Optional.of(Subject.parse(scheme.wireName() + ":" + label.group(2)));
    }

    private static Subject link(String untrusted, String plain) {
        var link = LINK.matcher(plain);
        if (link.matches()) {
            String host = Spelling.asciiLower(link.group(1));
            String path = link.group(2);
            for (Clue<Resolver> clue : RESOLVERS) {
                Resolver resolver = clue.by();
                if (host.equals(resolver.host())
                        && path.regionMatches(
                                true, 0, resolver.path(), 0, resolver.path().length())) {
                    String value = path.substring(resolver.path().length());
                    Optional<Subject> subject = attempt(clue.scheme(), withoutQuery(value));
                    if (subject.isPresent()) {
                        return subject.get();
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

    private static void match(String plain, List<Subject> found, List<ProblemException> refused) {
        String compact = Spelling.compact(plain);
        for (Clue<Shape> shape : SHAPES) {
            String text = shape.by().compact() ? compact : plain;
            if (shape.by().pattern().matcher(text).matches()) {
                try {
                    found.add(Subject.parse(shape.scheme().wireName() + ":" + plain));
                } catch (ProblemException e) {
                    refused.add(e);
                }
            }
        }
    }

    private static Subject decide(String untrusted, String plain, List<Subject> found, List<ProblemException> refused) {
        // Hyphens in the middle are how an ISSN is printed, and nothing else of eight digits.
        boolean isAmbiguous = found.size() > 1 && plain.length() == 8;
        if (isAmbiguous) {
            throw Refusal.AMBIGUOUS.because(Refusal.quote(plain) + " is right as "
                    + found.get(0).canonical() + " and as " + found.get(1).canonical() + "; say which");
        }
        if (!found.isEmpty()) {
            return found.get(0);
        }
        if (refused.isEmpty() && plain.indexOf(':') > 0) {
            // It begins as an address does: what is wrong with it as one is the reason.
            return Subject.parse("url:" + untrusted);
        }
        Optional<Subject> address = plain.indexOf(' ') < 0 ? attempt(SubjectScheme.URL, untrusted) : Optional.empty();
        if (address.isPresent()) {
            return address.get();
        }
        if (!refused.isEmpty()) {
            throw refused.get(0);
        }
        throw Refusal.SHAPE.because(Refusal.quote(plain) + " is neither a link nor an identifier known here; write the"
                + " scheme in front of it, as in isbn:9788936434120");
    }
}
