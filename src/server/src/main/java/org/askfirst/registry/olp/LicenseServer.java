package org.askfirst.registry.olp;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.LicenseTerms;
import org.askfirst.license.ModelScope;
import org.askfirst.license.PriceBasis;
import org.askfirst.license.Reporting;
import org.askfirst.license.Territory;
import org.askfirst.license.Transfer;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.grant.Grants;
import org.askfirst.registry.licensing.SingleWorkRequests;
import org.askfirst.registry.licensing.SingleWorkRequests.Progress;
import org.askfirst.registry.offer.Licensors;
import org.askfirst.registry.offer.Offer;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens for licenses, and says what a token permits.
 *
 * <p>A client gets a token if a lookup with its key would read {@code allow} for the uses of the license, and if the
 * grants behind that cover the license. Otherwise the license is asked of the licensors, and the client repeats its call
 * until they have decided. The same license is asked once. A token ends with its grants, with the key that got it, and
 * after a day. Its secret is stored nowhere.
 */
@ApplicationScoped
class LicenseServer {
    /** The time after which a client fetches a new token. */
    static final Duration LIFETIME = Duration.ofDays(1);

    /** The period of a license for which the offer sets no earlier end. The protocol does not name one. */
    private static final Duration PERIOD = Duration.ofDays(365);

    /** The time after which a license that was refused is asked for again. */
    private static final Duration ASK_AGAIN = Duration.ofDays(30);

    /** The time after which another call may ask if the first one died while it was asking. */
    private static final Duration STUCK = Duration.ofMinutes(1);

    private static final String PREFIX = "afl_";
    private static final int SECRET_BYTES = 32;
    private static final int TOKEN_LENGTH = PREFIX.length() + 2 * SECRET_BYTES;

    private final LicensedWorks works;
    private final OlpStore store;
    private final Grants grants;
    private final Offers offers;
    private final Licensors licensors;
    private final SingleWorkRequests requests;
    private final Parties parties;
    private final SecureRandom random = new SecureRandom();

    LicenseServer(
            LicensedWorks works,
            OlpStore store,
            Grants grants,
            Offers offers,
            Licensors licensors,
            SingleWorkRequests requests,
            Parties parties) {
        this.works = works;
        this.store = store;
        this.grants = grants;
        this.offers = offers;
        this.licensors = licensors;
        this.requests = requests;
        this.parties = parties;
    }

    /**
     * A license that a client wants.
     *
     * @param resource the resource as the client named it
     * @param subject what the resource means
     * @param terms the terms, beginning now
     * @param offer the offer that the client accepts; null without one
     * @param isHeld true if the client names a grant that it has, so that nobody is to be asked
     * @param origin the address of the registry
     */
    private record Wanted(
            RslLicense license,
            String resource,
            Subject subject,
            LicenseTerms terms,
            @Nullable OfferId offer,
            boolean isHeld,
            String origin) {
        /** Returns SHA-256 of everything but the period, which begins at each call. */
        byte[] hash() {
            Map<String, Object> tree =
                    new TreeMap<>(terms.withPeriod(Period.ALWAYS).toTree());
            tree.put("subject", subject.canonical());
            tree.put("offer", String.valueOf(offer));
            tree.put("users", String.join(" ", license.users()));
            return Sha256.of(CanonicalJson.write(tree).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A new token.
     *
     * @param text the secret
     * @param seconds the seconds until it expires
     */
    record Issued(String text, long seconds) {}

    /**
     * Gives a token, or asks for the license.
     *
     * @param address the address of the client, for budgets
     * @param origin the address of the registry
     * @throws OlpRefusal if there is no license, or none yet
     * @throws ProblemException {@link Problem#BUDGET_SPENT}, {@link Problem#UNAVAILABLE}
     */
    Issued acquire(Caller client, String address, RslLicense license, String resource, String origin)
            throws SQLException {
        Subject subject = subject(resource);
        Wanted wanted = wanted(client.party(), license, resource, subject, origin);
        Set<GrantId> held = licensed(client.party(), wanted);
        if (held == null && wanted.isHeld()) {
            throw refused("The grant does not permit these uses of the resource");
        }
        if (held == null) {
            ask(client.party(), address, wanted);
            held = licensed(client.party(), wanted);
        }
        if (held == null) {
            throw new OlpRefusal(
                    OlpRefusal.Kind.LICENSE_REFUSED,
                    "The license is granted, but another statement about the resource does not permit these uses; look"
                            + " it up");
        }
        return issue(client, wanted, held);
    }

    /**
     * Returns what a resource means: an address, everything below an address that ends with a slash, with or without an
     * asterisk after it, or a subject of this registry.
     *
     * @throws OlpRefusal {@code invalid_resource}
     */
    static Subject subject(String resource) {
        boolean isWeb =
                resource.regionMatches(true, 0, "http://", 0, 7) || resource.regionMatches(true, 0, "https://", 0, 8);
        try {
            if (!isWeb) {
                return Subject.parse(resource);
            }
            String address = resource.endsWith("/*") ? resource.substring(0, resource.length() - 1) : resource;
            if (address.indexOf('*') >= 0 || address.indexOf('$') >= 0) {
                throw new OlpRefusal(
                        OlpRefusal.Kind.INVALID_RESOURCE,
                        "This server licenses an address, or everything below a path that ends with / or /*, and no"
                                + " other patterns");
            }
            return Subject.parse((address.endsWith("/") ? "under:" : "url:") + address);
        } catch (ProblemException unreadable) {
            throw new OlpRefusal(
                    OlpRefusal.Kind.INVALID_RESOURCE, "The resource cannot be read: " + unreadable.detail());
        }
    }

    private Wanted wanted(PartyId client, RslLicense license, String resource, Subject subject, String origin)
            throws SQLException {
        Instant now = works.now();
        String standard = license.standard();
        if (standard != null) {
            String last = standard.substring(standard.lastIndexOf('/') + 1);
            OfferId offer = OfferId.parse(last).orElse(null);
            if (offer != null) {
                return new Wanted(license, resource, subject, underOffer(license, offer, now), offer, false, origin);
            }
            GrantId grant = GrantId.parse(last).orElse(null);
            if (grant != null) {
                return new Wanted(
                        license, resource, subject, underGrant(client, license, grant, now), null, true, origin);
            }
        }
        LicenseTerms terms = new LicenseTerms(
                license.uses(),
                license.model() == null ? ModelScope.ANY : license.model(),
                Transfer.NONE,
                license.territory() == null ? Territory.WORLD : license.territory(),
                new Period(now, now.plus(PERIOD)),
                license.price(),
                Reporting.NONE,
                null,
                null,
                null);
        Offer free = free(subject, terms);
        return free == null
                ? new Wanted(license, resource, subject, terms, null, false, origin)
                : new Wanted(
                        license,
                        resource,
                        subject,
                        terms.withPeriod(period(free.terms().period(), now)),
                        free.id(),
                        false,
                        origin);
    }

    /** Returns an offer without a price and without duties that covers the terms; null if there is none. */
    private @Nullable Offer free(Subject subject, LicenseTerms terms) throws SQLException {
        for (Offer offer : licensors.offers(List.of(subject), terms.uses(), offers.now())) {
            LicenseTerms offered = offer.terms();
            boolean asksNothing = offered.price().basis() == PriceBasis.FREE && offered.reporting() == Reporting.NONE;
            Period period = period(offered.period(), works.now());
            if (asksNothing && offered.covers(terms.withPeriod(period))) {
                return offer;
            }
        }
        return null;
    }

    private LicenseTerms underOffer(RslLicense license, OfferId id, Instant now) throws SQLException {
        Offer offer = offers.find(id)
                .filter(Offer::isInForce)
                .orElseThrow(() -> refused("The standard license is no offer in force"));
        LicenseTerms offered = offer.terms();
        ModelScope model = license.model() == null ? offered.model() : license.model();
        boolean isNamed = model.kind() == ModelScope.Kind.ANY || model.name() != null;
        if (!isNamed || (model.kind() == ModelScope.Kind.MODEL_VERSION && model.version() == null)) {
            throw refused("The offer is for one model. Name it in the license: <af:model xmlns:af=\""
                    + RslUsage.NAMESPACE + "\" scope=\"" + model.kind().wireName()
                    + "\" name=\"…\" version=\"…\"/>");
        }
        Period period = period(offered.period(), now);
        LicenseTerms asked = new LicenseTerms(
                license.uses(),
                model,
                Transfer.NONE,
                license.territory() == null ? offered.territory() : license.territory(),
                period,
                offered.price(),
                offered.reporting(),
                offered.route(),
                null,
                null);
        if (!offered.covers(asked)) {
            throw refused("The offer does not cover the usage, the countries and the model of the license");
        }
        return asked;
    }

    private LicenseTerms underGrant(PartyId client, RslLicense license, GrantId id, Instant now) throws SQLException {
        Grants.HeldGrant grant = grants.held(id, now)
                .filter(held -> held.licensee().equals(client) && held.inForce())
                .orElseThrow(() -> refused("The standard license is no grant in force of yours"));
        LicenseTerms granted = grant.terms();
        LicenseTerms asked = new LicenseTerms(
                license.uses(),
                license.model() == null ? granted.model() : license.model(),
                granted.transfer(),
                license.territory() == null ? granted.territory() : license.territory(),
                new Period(now, grant.endsAt()),
                granted.price(),
                granted.reporting(),
                granted.route(),
                null,
                null);
        if (!granted.covers(asked)) {
            throw refused("The grant does not cover the usage, the countries and the model of the license");
        }
        return asked;
    }

    /** Returns the period of a license from now on, within the period of an offer. */
    private static Period period(Period offered, Instant now) {
        Instant from = offered.from() == null || offered.from().isBefore(now) ? now : offered.from();
        Instant to = offered.to();
        Instant latest = from.plus(PERIOD);
        return new Period(from, to == null || to.isAfter(latest) ? latest : to);
    }

    private static OlpRefusal refused(String description) {
        return new OlpRefusal(OlpRefusal.Kind.INVALID_LICENSE, description);
    }

    /**
     * Returns the grants by which the client has the license, none if everybody has it; null if the client does not have
     * it.
     */
    private @Nullable Set<GrantId> licensed(PartyId client, Wanted wanted) throws SQLException {
        Verdicts verdicts = works.judge(client, wanted.subject(), wanted.terms().uses());
        if (verdicts.verdict() != Verdict.ALLOW) {
            return null;
        }
        Instant now = works.now();
        Set<GrantId> held = new LinkedHashSet<>();
        for (Verdicts.Assessment assessment : verdicts.assessments()) {
            List<GrantId> lifting = assessment.lifts().stream()
                    .filter(lift -> lift.outcome() == Verdicts.Outcome.APPLIED)
                    .map(lift -> lift.grant().id())
                    .toList();
            if (assessment.outcome() != Verdicts.Outcome.APPLIED || lifting.isEmpty()) {
                continue;
            }
            GrantId covering = null;
            for (GrantId id : lifting) {
                Grants.HeldGrant grant = grants.held(id, now).orElse(null);
                if (covering == null && grant != null && grant.inForce() && covers(grant, wanted.terms(), now)) {
                    covering = id;
                }
            }
            if (covering == null) {
                return null;
            }
            held.add(covering);
        }
        return held;
    }

    /** Returns true if the grant covers the terms from now on, until its own end at most. */
    private static boolean covers(Grants.HeldGrant grant, LicenseTerms terms, Instant now) {
        return grant.terms().covers(terms.withPeriod(new Period(now, grant.endsAt())));
    }

    /** Asks for the license, or throws what has become of asking. Returns if the licensors have granted it. */
    private void ask(PartyId client, String address, Wanted wanted) throws SQLException {
        byte[] hash = wanted.hash();
        Instant now = works.now();
        Optional<OlpStore.Asked> before = store.asked(client, hash);
        if (before.isPresent()) {
            OlpStore.Asked asked = before.get();
            if (asked.requests().isEmpty() && asked.at().plus(STUCK).isAfter(now)) {
                throw pending("The license is being asked for", null);
            }
            if (!asked.requests().isEmpty() && !isOver(client, asked, now)) {
                return;
            }
        }
        refuseUnlessAsk(client, wanted);
        if (!store.claim(client, hash, before, now)) {
            throw pending("The license is being asked for", null);
        }
        List<LicenseRequestId> made;
        try {
            made = requests.ask(
                    client,
                    address,
                    wanted.subject(),
                    wanted.terms(),
                    wanted.offer() == null ? List.of() : List.of(wanted.offer()),
                    wanted.license().purpose());
        } catch (ProblemException refused) {
            store.release(client, hash);
            if (refused.problem() == Problem.INVALID_REQUEST) {
                throw new OlpRefusal(OlpRefusal.Kind.LICENSE_REFUSED, "Nobody can be asked: " + refused.detail());
            }
            throw refused;
        }
        store.setRequests(client, hash, made);
        isOver(client, new OlpStore.Asked(made, now), now);
    }

    /** Refuses to ask if there is nobody to ask, or nothing is known. */
    private void refuseUnlessAsk(PartyId client, Wanted wanted) throws SQLException {
        Verdict verdict =
                works.judge(client, wanted.subject(), wanted.terms().uses()).verdict();
        if (verdict == Verdict.UNKNOWN) {
            throw new OlpRefusal(
                    OlpRefusal.Kind.INVALID_RESOURCE,
                    "Nobody has declared anything about this resource and these uses here. That permits nothing");
        }
        if (verdict == Verdict.DENY) {
            throw new OlpRefusal(OlpRefusal.Kind.LICENSE_REFUSED, "The uses are reserved, and nobody can be asked");
        }
    }

    /**
     * Returns true if the license has to be asked for again.
     *
     * @throws OlpRefusal if licensors have refused, or have not decided yet
     */
    private boolean isOver(PartyId client, OlpStore.Asked asked, Instant now) throws SQLException {
        List<Progress> all = new ArrayList<>();
        for (LicenseRequestId id : asked.requests()) {
            requests.progress(id, client).ifPresent(all::add);
        }
        for (Progress one : all) {
            if (one.state() == SingleWorkRequests.State.ENDED) {
                if (asked.at().plus(ASK_AGAIN).isAfter(now)) {
                    throw new OlpRefusal(
                            OlpRefusal.Kind.LICENSE_REFUSED,
                            "The license request is " + one.status()
                                    + "; the same license can be asked for again after "
                                    + asked.at().plus(ASK_AGAIN),
                            one.id().toString());
                }
                return true;
            }
        }
        for (Progress one : all) {
            switch (one.state()) {
                case WAITING ->
                    throw pending("The licensor has until " + one.until() + " to decide; repeat the request", one);
                case COUNTERED ->
                    throw pending(
                            "The licensor proposed other terms; accept them at /v1/license-requests/" + one.id(), one);
                default -> {
                    GrantId grant = one.grant();
                    Grants.HeldGrant held =
                            grant == null ? null : grants.held(grant, now).orElse(null);
                    if (held == null) {
                        throw pending("The license is agreed, and its grant is being given; repeat the request", one);
                    }
                    if (!now.isBefore(held.endsAt())) {
                        return true;
                    }
                    if (!held.inForce()) {
                        throw pending(
                                "The license begins at " + held.terms().period().from(), one);
                    }
                }
            }
        }
        return all.isEmpty();
    }

    private static OlpRefusal pending(String description, @Nullable Progress request) {
        return new OlpRefusal(
                OlpRefusal.Kind.AUTHORIZATION_PENDING,
                description,
                request == null ? null : request.id().toString());
    }

    private Issued issue(Caller client, Wanted wanted, Set<GrantId> held) throws SQLException {
        Instant now = works.now();
        Instant until = now.plus(LIFETIME);
        GrantId first = null;
        for (GrantId id : held) {
            Grants.HeldGrant grant = grants.held(id, now).orElseThrow();
            first = first == null ? id : first;
            until = grant.endsAt().isBefore(until) ? grant.endsAt() : until;
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = PREFIX + HexFormat.of().formatHex(secret);
        String license = RslWriter.license(
                RslUsage.leaves(wanted.terms().uses()),
                wanted.terms(),
                first == null ? null : wanted.origin() + "/v1/grants/" + first);
        store.insert(
                Sha256.of(text),
                new OlpStore.Token(
                        client.party(),
                        client.authority().keyHash(),
                        wanted.resource(),
                        wanted.subject(),
                        wanted.terms().uses(),
                        license,
                        List.copyOf(held),
                        now,
                        until));
        return new Issued(text, Math.max(1, Duration.between(now, until).toSeconds()));
    }

    /**
     * Returns a token that is in force: it has not expired, its key is valid, and all its grants are in force. Empty for
     * every other text.
     */
    Optional<OlpStore.Token> find(String text) throws SQLException {
        if (text.length() != TOKEN_LENGTH || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Instant now = works.now();
        OlpStore.Token token = store.find(Sha256.of(text), now).orElse(null);
        if (token == null || !parties.isValid(token.key())) {
            return Optional.empty();
        }
        for (GrantId id : token.grants()) {
            if (!grants.held(id, now).map(Grants.HeldGrant::inForce).orElse(false)) {
                return Optional.empty();
            }
        }
        return Optional.of(token);
    }

    /**
     * Returns true if the party may know what a token of another permits: a licensor of one of its grants, or a party
     * whose statement about the resource counts.
     */
    boolean concerns(PartyId reader, OlpStore.Token token, Subject resource) throws SQLException {
        if (reader.equals(token.client())) {
            return true;
        }
        for (GrantId id : token.grants()) {
            if (grants.held(id, works.now())
                    .map(held -> held.licensor().equals(reader))
                    .orElse(false)) {
                return true;
            }
        }
        return works.judge(token.client(), resource, token.uses()).assessments().stream()
                .anyMatch(assessment -> assessment.outcome() == Verdicts.Outcome.APPLIED
                        && assessment.statement().evidenced()
                        && assessment.statement().party().equals(reader));
    }

    /** Returns the reason why a token does not permit uses of a resource; null if it permits them. */
    @Nullable Denial denial(OlpStore.Token token, Subject resource, Set<Use> uses) throws SQLException {
        if (!isWithin(resource, token.subject())) {
            return new Denial(false, "The license does not cover this resource");
        }
        if (!RslUsage.leaves(token.uses()).containsAll(RslUsage.leaves(uses))) {
            return new Denial(true, "The license does not cover this usage");
        }
        Verdict verdict = works.judge(token.client(), resource, uses).verdict();
        return verdict == Verdict.ALLOW
                ? null
                : new Denial(
                        true, "The license does not permit it: the verdict on this resource is " + verdict.wireName());
    }

    /**
     * The reason why a token does not permit something.
     *
     * @param covered true if the license covers the resource
     */
    record Denial(boolean covered, String reason) {}

    private static boolean isWithin(Subject resource, Subject licensed) {
        if (resource.equals(licensed)) {
            return true;
        }
        Expansion expansion = resource.expand();
        for (int i = 0; i < expansion.size(); i++) {
            if (!expansion.isOtherSpelling(i) && expansion.canonical(i).equals(licensed.canonical())) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if everybody may use the resource so, without a license. */
    boolean isOpen(Subject resource, Set<Use> uses) throws SQLException {
        return works.judge(null, resource, uses).verdict() == Verdict.ALLOW;
    }
}
