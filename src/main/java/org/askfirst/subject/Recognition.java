package org.askfirst.subject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.askfirst.problem.ProblemException;

/**
 * What a person pastes, without saying what it is.
 *
 * <p>First a scheme or a label in front ("ISBN 978…"), then links, of which those to a resolver name what they resolve,
 * then the shape of the text, from the shape that says most to the one that says least. A check digit that fits decides;
 * where two fit, the person must say which.
 */
final class Recognition {
    private static final Pattern LABEL = Pattern.compile(
            "(?i)(?:urn[:]|info:)?(url|under|domain|sha-?256|iscc|isbn|e-?issn|p-?issn|issn-l|issn|ismn|isrc|iswc|doi|eidr|v-isan"
                    + "|isan|grid|gtin|ean|upc|uci|icn|kcc|isbn-prefix|isrc-registrant|doi-prefix|uci-prefix|isni|orcid|ipi"
                    + "|work)(?:-1[03])?[\\s:/]\\s*(.+)",
            Pattern.DOTALL);

    private static final Map<String, SubjectScheme> BY_LABEL = Map.of(
            "sha-256", SubjectScheme.SHA256,
            "e-issn", SubjectScheme.ISSN,
            "eissn", SubjectScheme.ISSN,
            "p-issn", SubjectScheme.ISSN,
            "pissn", SubjectScheme.ISSN,
            "issn-l", SubjectScheme.ISSN,
            "v-isan", SubjectScheme.ISAN,
            "ean", SubjectScheme.GTIN,
            "upc", SubjectScheme.GTIN,
            "orcid", SubjectScheme.ISNI);

    private static final Pattern LINK = Pattern.compile("(?i)(?:https?:)?//(?:www\\.)?([^/]+)/(.+)", Pattern.DOTALL);

    /** Hosts that resolve identifiers, with where in their paths these are. */
    private static final List<Resolver> RESOLVERS = List.of(
            new Resolver("doi.org", "", SubjectScheme.DOI),
            new Resolver("dx.doi.org", "", SubjectScheme.DOI),
            new Resolver("isni.org", "isni/", SubjectScheme.ISNI),
            new Resolver("orcid.org", "", SubjectScheme.ISNI),
            new Resolver("portal.issn.org", "resource/issn/", SubjectScheme.ISSN),
            new Resolver("id.gs1.org", "01/", SubjectScheme.GTIN));

    private record Resolver(String host, String path, SubjectScheme scheme) {}

    /** Shapes, the most telling first; the text is compact and in upper case for all but the first few. */
    private record Shape(Pattern pattern, SubjectScheme scheme) {
        static Shape of(String regex, SubjectScheme scheme) {
            return new Shape(Pattern.compile("(?i)" + regex), scheme);
        }
    }

    /** What the first two characters of an ISCC can be (iscc-core, {@code PREFIXES}). */
    private static final String ISCC_HEADERS =
            "(?:AA|CA|CE|CI|CM|CQ|EA|EE|EI|EM|EQ|GA|IA|KA|KE|KI|KM|KQ|KU|KY|K4|MA|ME|MI|MM|OA)";

    private static final List<Shape> SHAPES_AS_WRITTEN = List.of(
            Shape.of("10\\.[0-9.]+/\\S.*", SubjectScheme.DOI),
            Shape.of("10/\\S+", SubjectScheme.DOI),
            Shape.of("sha-?256-.{43,44}", SubjectScheme.SHA256),
            Shape.of("[A-Z][0-9]{3}(?:[:+][A-Z0-9]+)*-[A-Z0-9].*", SubjectScheme.UCI),
            Shape.of("T[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]", SubjectScheme.ISWC),
            Shape.of("I-[0-9]{9}-[0-9]", SubjectScheme.IPI),
            Shape.of("[fbvzu][0-9A-Z_=-]{12,127}", SubjectScheme.ISCC),
            Shape.of(ISCC_HEADERS + "[A-Z2-7-]{8,100}", SubjectScheme.ISCC));

    private static final List<Shape> SHAPES = List.of(
            Shape.of("[0-9A-F]{64}", SubjectScheme.SHA256),
            Shape.of("A1[0-9A-Z]{16}", SubjectScheme.GRID),
            Shape.of("M[0-9]{9}", SubjectScheme.ISMN),
            Shape.of("97[89][0-9]{10}", SubjectScheme.ISBN),
            Shape.of("[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", SubjectScheme.ISRC),
            Shape.of("[0-9]{9}[0-9X]", SubjectScheme.ISBN),
            Shape.of("[0-9]{7}[0-9X]", SubjectScheme.ISSN),
            Shape.of("0000[0-9]{11}[0-9X]", SubjectScheme.ISNI),
            Shape.of("[0-9A-F]{16}(?:[0-9A-Z]|[0-9A-F]{8}|[0-9A-Z][0-9A-F]{8}[0-9A-Z])?", SubjectScheme.ISAN),
            Shape.of("[0-9A-F]{20}[0-9A-Z]", SubjectScheme.EIDR),
            Shape.of("[0-9]{12,14}|[0-9]{8}", SubjectScheme.GTIN),
            Shape.of("[0-9]{11}", SubjectScheme.IPI),
            Shape.of("[0-9A-HJ-KM-NP-TV-Z]{21}", SubjectScheme.WORK));

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
        match(SHAPES_AS_WRITTEN, plain, plain, found, refused);
        match(SHAPES, Spelling.compact(plain), plain, found, refused);
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
        SubjectScheme scheme = Optional.ofNullable(BY_LABEL.get(name))
                .or(() -> SubjectScheme.named(name))
                .orElseThrow(() -> new IllegalStateException("A label without a scheme: " + name));
        return Optional.of(Subject.parse(scheme.wireName() + ":" + label.group(2)));
    }

    private static Subject link(String untrusted, String plain) {
        var link = LINK.matcher(plain);
        if (link.matches()) {
            String host = Spelling.asciiLower(link.group(1));
            String path = link.group(2);
            for (Resolver resolver : RESOLVERS) {
                if (host.equals(resolver.host())
                        && path.regionMatches(
                                true, 0, resolver.path(), 0, resolver.path().length())) {
                    String value = path.substring(resolver.path().length());
                    Optional<Subject> subject = attempt(resolver.scheme(), withoutQuery(value));
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

    private static void match(
            List<Shape> shapes, String text, String plain, List<Subject> found, List<ProblemException> refused) {
        for (Shape shape : shapes) {
            if (shape.pattern().matcher(text).matches()) {
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
