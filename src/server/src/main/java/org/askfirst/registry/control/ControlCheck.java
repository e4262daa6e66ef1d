package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.registry.fetch.DnsBudget;
import org.askfirst.registry.fetch.FetchException;
import org.askfirst.registry.fetch.Fetcher;
import org.askfirst.registry.fetch.NameServers;
import org.askfirst.registry.fetch.Page;
import org.askfirst.registry.fetch.WebTarget;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the token of a party in the places where only the party that controls a subject can put it.
 *
 * <p>A token in the DNS of a host or in its well-known file proves control of the host. For an address, a token in the
 * meta element {@code askfirst} of its page proves control too. A visitor may have written the rest of the page, so a
 * token there proves less ({@link ControlMethod#PAGE_TOKEN}).
 */
@ApplicationScoped
public class ControlCheck {
    private static final Set<SubjectScheme> CHECKABLE =
            EnumSet.of(SubjectScheme.DOMAIN, SubjectScheme.UNDER, SubjectScheme.URL);
    private static final String DNS_LABEL = "_askfirst.";
    private static final String DNS_TEXT = "askfirst=";
    private static final String WELL_KNOWN = "/.well-known/askfirst.txt";
    private static final int MAX_NAME = 253;

    private final NameServers names;
    private final Fetcher fetcher;
    private final ControlMeters meters;
    private final CheckPlaces places = new CheckPlaces();

    ControlCheck(NameServers names, Fetcher fetcher, ControlMeters meters) {
        this.names = names;
        this.fetcher = fetcher;
        this.meters = meters;
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
     * @param forged true if the DNS of the host may be forged; then no other method is tried
     */
    public record MethodResult(
            ControlMethod method, Outcome outcome, boolean validated, String observation, boolean forged) {
        MethodResult(ControlMethod method, Outcome outcome, boolean validated, String observation) {
            this(method, outcome, validated, observation, false);
        }
    }

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
     * Takes a place for a check of the subject, see {@link CheckPlaces}.
     *
     * @param claimant the party, or another name under which checks are counted together
     */
    CheckPlaces.Place place(String claimant, Subject subject) {
        return places.take(claimant, PublicSuffixes.bundled().site(page(subject).host()));
    }

    /**
     * Runs a check in a place of its claimant.
     *
     * @param claimant see {@link #place}
     * @throws org.askfirst.problem.ProblemException as {@link CheckPlaces#take} and {@link #run}
     */
    public List<MethodResult> run(String claimant, Subject subject, String token) {
        CheckPlaces.Place place = place(claimant, subject);
        try {
            return run(subject, token);
        } finally {
            place.close();
        }
    }

    /**
     * Tries all ways, until one of them proves control, or the DNS of the host turns out to be forged. It takes at most {@link DnsBudget} for names and the time-out of
     * two fetches.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#TOO_MANY_REQUESTS} if the registry has visited the
     *     host too often
     */
    List<MethodResult> run(Subject subject, String token) {
        DnsBudget dns = new DnsBudget();
        List<MethodResult> results = new ArrayList<>();
        Optional<FetchResult> page = Optional.empty();
        for (Way way : ways(subject, token)) {
            MethodResult result;
            if (way.method() == ControlMethod.DNS_TXT) {
                result = inDns(way, dns);
            } else if (way.method() == ControlMethod.WELL_KNOWN_FILE) {
                result = inFile(way, fetch(way, dns));
            } else {
                FetchResult fetched = page.orElseGet(() -> fetch(way, dns));
                page = Optional.of(fetched);
                result = way.method() == ControlMethod.META_TAG
                        ? inMeta(way, fetched, token)
                        : onPage(way, fetched, token);
            }
            meters.count(result);
            results.add(result);
            if (result.outcome() == Outcome.FOUND || result.forged()) {
                break;
            }
        }
        return results;
    }

    private MethodResult inDns(Way way, DnsBudget dns) {
        try {
            NameServers.Texts records = names.texts(way.location(), dns);
            boolean shown =
                    records.texts().stream().anyMatch(text -> text.strip().equals(way.text()));
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
    private record FetchResult(
            @Nullable Page page, @Nullable FetchException failure) {}

    private FetchResult fetch(Way way, DnsBudget dns) {
        try {
            return new FetchResult(fetcher.fetch(WebTarget.of(way.location()), dns), null);
        } catch (FetchException failure) {
            return new FetchResult(null, failure);
        }
    }

    private static MethodResult inFile(Way way, FetchResult fetched) {
        Page page = fetched.page();
        return page == null ? unread(way, fetched) : read(way, page, page.hasLine(way.text()), "on a line of ");
    }

    /**
     * Looks for the meta element on the page itself. No redirect is followed, because visitors can make pages that name a
     * target, and another host may belong to somebody else.
     */
    private static MethodResult inMeta(Way way, FetchResult fetched, String token) {
        Page page = fetched.page();
        if (page == null) {
            return unread(way, fetched);
        }
        WebTarget asked = WebTarget.of(way.location());
        if (!page.target().host().equals(asked.host())
                || !page.target().target().equals(asked.target())) {
            return new MethodResult(
                    way.method(), Outcome.ABSENT, false, way.location() + " redirects to " + page.target());
        }
        return read(way, page, page.hasMeta(token), "in the meta element askfirst of ");
    }

    private static MethodResult onPage(Way way, FetchResult fetched, String token) {
        Page page = fetched.page();
        return page == null ? unread(way, fetched) : read(way, page, page.contains(token), "in the text of ");
    }

    private static MethodResult read(Way way, Page page, boolean shown, String place) {
        if (shown) {
            return new MethodResult(way.method(), Outcome.FOUND, false, "The token is " + place + page.target());
        }
        if (page.isThere()) {
            return new MethodResult(way.method(), Outcome.ABSENT, false, "The token is not " + place + page.target());
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
        boolean forged = failure.kind() == FetchException.Kind.FORGED;
        return new MethodResult(way.method(), outcome, false, String.valueOf(failure.getMessage()), forged);
    }
}
