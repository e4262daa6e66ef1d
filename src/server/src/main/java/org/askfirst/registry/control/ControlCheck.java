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
 * Searches for the token of a party in the places where only the party that controls a subject can put it.
 *
 * <p>A token in the DNS of a host or in its well-known file proves control of the host. For an address, a token in the
 * head of its page proves control too. A visitor may have written the rest of the page, so a token there proves less
 * ({@link ControlMethod#PAGE_TOKEN}).
 */
@ApplicationScoped
public class ControlCheck {
    private static final Set<SubjectScheme> CHECKABLE =
            EnumSet.of(SubjectScheme.DOMAIN, SubjectScheme.UNDER, SubjectScheme.URL);
    private static final String DNS_LABEL = "_askfirst.";
    private static final String DNS_TEXT = "askfirst=";
    private static final String WELL_KNOWN = "/.well-known/askfirst.txt";
    private static final int MAX_NAME = 253;
    private static final int MAX_RUNNING = 8;

    private final NameServers names;
    private final Fetcher fetcher;
    private final Semaphore permits = new Semaphore(MAX_RUNNING);

    ControlCheck(NameServers names, Fetcher fetcher) {
        this.names = names;
        this.fetcher = fetcher;
    }

    /**
     * A way to show a token.
     *
     * @param location a name of the DNS, or the address of a page
     * @param text the exact text to put there
     */
    public record Way(ControlMethod method, String location, String text) {}

    /** The outcome of one method. */
    enum Outcome {
        /** The token is there. */
        FOUND("found"),
        /** The token is not there. */
        ABSENT("absent"),
        /** The place could not be read. */
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
     * The result of one method.
     *
     * @param validated true if the name server validated the answer with DNSSEC
     * @param observation a sentence for people
     */
    public record MethodResult(ControlMethod method, Outcome outcome, boolean validated, String observation) {}

    /** Returns true if the registry itself can check who controls the subject. */
    public static boolean isCheckable(Subject subject) {
        return CHECKABLE.contains(subject.scheme());
    }

    /** Returns the ways to show control of the subject, the strongest first. */
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
        // The front page of a site often shows texts of visitors, so its text does not prove control of all pages.
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
     * Tries all ways, until one of them proves control.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#TOO_MANY_REQUESTS} if the registry has visited the
     *     host too often, {@link Problem#UNAVAILABLE} if 8 checks are running
     */
    public List<MethodResult> run(Subject subject, String token) {
        if (!permits.tryAcquire()) {
            throw Problem.UNAVAILABLE.because("Too many checks are running; try again in a few seconds");
        }
        try {
            List<MethodResult> results = new ArrayList<>();
            Optional<FetchResult> page = Optional.empty();
            for (Way way : ways(subject, token)) {
                MethodResult result;
                if (way.method() == ControlMethod.DNS_TXT) {
                    result = inDns(way);
                } else if (way.method() == ControlMethod.WELL_KNOWN_FILE) {
                    result = inFile(way, fetch(way));
                } else {
                    FetchResult fetched = page.orElseGet(() -> fetch(way));
                    page = Optional.of(fetched);
                    result = onPage(way, fetched, token);
                }
                results.add(result);
                if (result.outcome() == Outcome.FOUND) {
                    break;
                }
            }
            return results;
        } finally {
            permits.release();
        }
    }

    private MethodResult inDns(Way way) {
        try {
            NameServers.Texts records = names.texts(way.location());
            boolean shown = records.texts().stream().anyMatch(text -> text.strip().equals(way.text()));
            String observation;
            if (shown) {
                observation = "A TXT record has the token at " + way.location();
            } else if (records.texts().isEmpty()) {
                observation = "There is no TXT record at " + way.location();
            } else {
                observation = "No TXT record has the token at " + way.location();
            }
            return new MethodResult(
                    way.method(),
                    shown ? Outcome.FOUND : Outcome.ABSENT,
                    records.validated(),
                    observation + (records.validated() ? ", signed by DNSSEC" : ""));
        } catch (FetchException failure) {
            return unread(way, failure);
        }
    }

    /** A page, or the reason why it could not be fetched. */
    private record FetchResult(@Nullable Page page, @Nullable FetchException failure) {}

    private FetchResult fetch(Way way) {
        try {
            return new FetchResult(fetcher.fetch(WebTarget.of(way.location())), null);
        } catch (FetchException failure) {
            return new FetchResult(null, failure);
        }
    }

    private static MethodResult inFile(Way way, FetchResult fetched) {
        Page page = fetched.page();
        return page == null ? unread(way, fetched) : read(way, page, page.hasLine(way.text()), "on a line of ");
    }

    private static MethodResult onPage(Way way, FetchResult fetched, String token) {
        Page page = fetched.page();
        if (page == null) {
            return unread(way, fetched);
        }
        return way.method() == ControlMethod.META_TAG
                ? read(way, page, page.headContains(token), "in the head of ")
                : read(way, page, page.contains(token), "in the text of ");
    }

    private static MethodResult read(Way way, Page page, boolean shown, String place) {
        if (shown) {
            return new MethodResult(way.method(), Outcome.FOUND, false, "The token is " + place + page.target());
        }
        if (page.isThere()) {
            return new MethodResult(
                    way.method(), Outcome.ABSENT, false, "The token is not " + place + page.target());
        }
        return new MethodResult(
                way.method(),
                page.isDefinite() ? Outcome.ABSENT : Outcome.UNREACHABLE,
                false,
                page.target() + " answers with status " + page.status());
    }

    private static MethodResult unread(Way way, FetchResult fetched) {
        FetchException failure = fetched.failure();
        return failure == null
                ? new MethodResult(way.method(), Outcome.UNREACHABLE, false, way.location() + " was not fetched")
                : unread(way, failure);
    }

    private static MethodResult unread(Way way, FetchException failure) {
        if (failure.kind() == FetchException.Kind.TOO_OFTEN) {
            throw Problem.TOO_MANY_REQUESTS.because(String.valueOf(failure.getMessage()));
        }
        Outcome outcome = failure.kind() == FetchException.Kind.REDIRECTED ? Outcome.ABSENT : Outcome.UNREACHABLE;
        return new MethodResult(way.method(), outcome, false, String.valueOf(failure.getMessage()));
    }
}
