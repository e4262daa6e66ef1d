package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.askfirst.problem.Problem;
import org.askfirst.registry.fetch.FetchException;
import org.askfirst.registry.fetch.Fetcher;
import org.askfirst.registry.fetch.NameServers;
import org.askfirst.registry.fetch.Page;
import org.askfirst.registry.fetch.WebTarget;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the token of a party in the places where only whoever controls a subject can put it.
 *
 * <p>A token below a host or in its well-known file proves the host. For an address, the head of its page proves it
 * too; the rest of the page may have been written by a visitor, and proves less ({@link ControlMethod#PAGE_TOKEN}).
 */
@ApplicationScoped
public class ControlCheck {
    private static final Set<SubjectScheme> LOOKED_AT =
            EnumSet.of(SubjectScheme.DOMAIN, SubjectScheme.UNDER, SubjectScheme.URL);
    private static final String DNS_LABEL = "_askfirst.";
    private static final String DNS_TEXT = "askfirst=";
    private static final String WELL_KNOWN = "/.well-known/askfirst.txt";
    private static final int MAX_NAME = 253;
    private static final int AT_ONCE = 8;

    private final NameServers names;
    private final Fetcher fetcher;
    private final Semaphore places = new Semaphore(AT_ONCE);

    ControlCheck(NameServers names, Fetcher fetcher) {
        this.names = names;
        this.fetcher = fetcher;
    }

    /**
     * A way to show a token.
     *
     * @param where a name of the DNS, or the address of a page
     * @param text exactly what is to be put there
     */
    public record Way(ControlMethod method, String where, String text) {}

    /** What came of a look. */
    enum Outcome {
        FOUND("found"),
        /** It was seen that the token is not there. */
        ABSENT("absent"),
        /** It could not be seen. */
        UNREACHABLE("unreachable");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /**
     * What came of one way.
     *
     * @param validated whether it rests on signatures of the DNS that the name server checked
     * @param seen for people
     */
    public record MethodResult(ControlMethod method, Outcome outcome, boolean validated, String seen) {}

    /** Whether the registry can look for itself whether somebody controls that subject. */
    public static boolean isLookedAt(Subject subject) {
        return LOOKED_AT.contains(subject.scheme());
    }

    /** In which ways control of that subject can be shown, the strongest first. */
    public static List<Way> ways(Subject subject, String token) {
        WebTarget page = page(subject);
        List<Way> ways = new ArrayList<>();
        String name = DNS_LABEL + page.host();
        if (!page.isAddress() && name.length() <= MAX_NAME) {
            ways.add(new Way(ControlMethod.DNS_TXT, name, DNS_TEXT + token));
        }
        ways.add(new Way(ControlMethod.WELL_KNOWN_FILE, "https://" + page.host() + WELL_KNOWN, token));
        ways.add(
                new Way(ControlMethod.META_TAG, page.toString(), "<meta name=\"askfirst\" content=\"" + token + "\">"));
        // On the front page of a site visitors' words stand too often for it to speak for all that lies below.
        boolean frontPage = page.target().equals("/");
        if (subject.scheme() == SubjectScheme.URL || (subject.scheme() == SubjectScheme.UNDER && !frontPage)) {
            ways.add(new Way(ControlMethod.PAGE_TOKEN, page.toString(), token));
        }
        return ways;
    }

    private static WebTarget page(Subject subject) {
        return subject.scheme() == SubjectScheme.DOMAIN
                ? new WebTarget(true, subject.value(), "/")
                : WebTarget.of(subject.value());
    }

    /**
     * Looks in all ways, until one of them proves control.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#TOO_MANY_REQUESTS} if the host was visited often
     *     enough, {@link Problem#UNAVAILABLE} if as many looks as may be are under way
     */
    public List<MethodResult> look(Subject subject, String token) {
        if (!places.tryAcquire()) {
            throw Problem.UNAVAILABLE.because("As many checks as may be are under way; try again in a few seconds");
        }
        try {
            List<MethodResult> findings = new ArrayList<>();
            Optional<Sight> page = Optional.empty();
            for (Way way : ways(subject, token)) {
                MethodResult finding;
                if (way.method() == ControlMethod.DNS_TXT) {
                    finding = inDns(way);
                } else if (way.method() == ControlMethod.WELL_KNOWN_FILE) {
                    finding = inFile(way, sight(way));
                } else {
                    Sight sight = page.orElseGet(() -> sight(way));
                    page = Optional.of(sight);
                    finding = onPage(way, sight, token);
                }
                findings.add(finding);
                if (finding.outcome() == Outcome.FOUND) {
                    break;
                }
            }
            return findings;
        } finally {
            places.release();
        }
    }

    private MethodResult inDns(Way way) {
        try {
            NameServers.Texts found = names.texts(way.where());
            boolean shown = found.texts().stream().anyMatch(text -> text.strip().equals(way.text()));
            String seen = found.texts().isEmpty()
                    ? "There is no TXT record at " + way.where()
                    : (shown ? "The token stands in a TXT record at " : "No TXT record has the token at ")
                            + way.where();
            return new MethodResult(
                    way.method(),
                    shown ? Outcome.FOUND : Outcome.ABSENT,
                    found.validated(),
                    seen + (found.validated() ? ", signed by DNSSEC" : ""));
        } catch (FetchException failure) {
            return unseen(way, failure);
        }
    }

    /** A page, or why it could not be seen. */
    private record Sight(@Nullable Page page, @Nullable FetchException failure) {}

    private Sight sight(Way way) {
        try {
            return new Sight(fetcher.fetch(WebTarget.of(way.where())), null);
        } catch (FetchException failure) {
            return new Sight(null, failure);
        }
    }

    private static MethodResult inFile(Way way, Sight sight) {
        Page page = sight.page();
        return page == null ? unseen(way, sight) : finding(way, page, page.hasLine(way.text()), "on a line of ");
    }

    private static MethodResult onPage(Way way, Sight sight, String token) {
        Page page = sight.page();
        if (page == null) {
            return unseen(way, sight);
        }
        return way.method() == ControlMethod.META_TAG
                ? finding(way, page, page.headContains(token), "in the head of ")
                : finding(way, page, page.contains(token), "in the text of ");
    }

    private static MethodResult finding(Way way, Page page, boolean shown, String place) {
        if (shown) {
            return new MethodResult(way.method(), Outcome.FOUND, false, "The token stands " + place + page.target());
        }
        if (page.isThere()) {
            return new MethodResult(
                    way.method(), Outcome.ABSENT, false, "The token does not stand " + place + page.target());
        }
        return new MethodResult(
                way.method(),
                page.isDefinite() ? Outcome.ABSENT : Outcome.UNREACHABLE,
                false,
                page.target() + " answers with status " + page.status());
    }

    private static MethodResult unseen(Way way, Sight sight) {
        FetchException failure = sight.failure();
        return failure == null
                ? new MethodResult(way.method(), Outcome.UNREACHABLE, false, way.where() + " was not seen")
                : unseen(way, failure);
    }

    private static MethodResult unseen(Way way, FetchException failure) {
        if (failure.kind() == FetchException.Kind.TOO_OFTEN) {
            throw Problem.TOO_MANY_REQUESTS.because(String.valueOf(failure.getMessage()));
        }
        Outcome outcome = failure.kind() == FetchException.Kind.REDIRECTED ? Outcome.ABSENT : Outcome.UNREACHABLE;
        return new MethodResult(way.method(), outcome, false, String.valueOf(failure.getMessage()));
    }
}
