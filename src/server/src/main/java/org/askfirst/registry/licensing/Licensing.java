package org.askfirst.registry.licensing;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.LicenseStep;
import org.askfirst.id.GrantId;
import org.askfirst.id.IdSource;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.grant.Grants;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.licensing.LicenseRequests.LicenseRequest;
import org.askfirst.registry.licensing.LicenseRequests.NewRequest;
import org.askfirst.registry.licensing.LicenseRequests.Side;
import org.askfirst.registry.offer.Licensors;
import org.askfirst.registry.offer.Licensors.Judged;
import org.askfirst.registry.offer.Offer;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.party.Notices;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Verdict;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Splits a call by licensor, and takes the steps of license requests.
 *
 * <p>A request waits for the side that did not act last. The days of each entry are its clock, so nothing has to happen
 * at the end of a time: a request whose time has ended is unanswered. Silence permits nothing.
 */
@ApplicationScoped
class Licensing {
    private static final Logger LOG = Logger.getLogger(Licensing.class);

    /** The days that a side has to answer. */
    static final int DAYS = 30;

    /** The time before the end at which the side to act is reminded. */
    private static final Duration REMINDER = Duration.ofDays(7);

    /** The number of licensors that one call can ask. */
    private static final int MAX_LICENSORS = 1_000;

    private static final int TOGETHER = 100;

    /** Time in which whoever claims an agreement gives its grant, and after which it is tried again. */
    private static final Duration CLAIM = Duration.ofMinutes(10);

    private final Ledger ledger;
    private final LedgerStore entries;
    private final LicenseRequests requests;
    private final Licensors licensors;
    private final Offers offers;
    private final Budgets budgets;
    private final Notices notices;
    private final Grants grants;
    private final IdSource ids;
    private final Clock clock;

    Licensing(
            Ledger ledger,
            LedgerStore entries,
            LicenseRequests requests,
            Licensors licensors,
            Offers offers,
            Budgets budgets,
            Notices notices,
            Grants grants,
            IdSource ids,
            Clock clock) {
        this.ledger = ledger;
        this.entries = entries;
        this.requests = requests;
        this.licensors = licensors;
        this.offers = offers;
        this.budgets = budgets;
        this.notices = notices;
        this.grants = grants;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A work for which nobody is asked.
     *
     * @param verdict the verdict, which is not {@code ask}, or is {@code ask} by the asker itself; null with a problem
     */
    record Skipped(
            String id, @Nullable Verdict verdict, @Nullable ProblemException problem) {}

    /**
     * The result of a call.
     *
     * @param made the requests, one for each licensor, and another one if an offer covers only some of its works
     * @param skipped the works for which nobody is asked
     */
    record Asked(List<LicenseRequestId> made, List<Skipped> skipped) {}

    /** The works of a request that is being put together. */
    private record Part(PartyId licensor, @Nullable Offer offer, List<Judged> works) {
        boolean isEvidenced() {
            return works.stream().allMatch(work -> {
                Licensors.Decider decider = work.toAsk().get(licensor);
                return decider != null && decider.evidenced();
            });
        }
    }

    /**
     * Asks the licensors of works for licenses.
     *
     * @param address the address of the asker, for budgets
     * @param days the days that each licensor has
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if nobody can be asked or an offer does not fit, {@link
     *     Problem#BUDGET_SPENT} if the asker asked too many licensors
     */
    Asked ask(PartyId asker, String address, LicenseDraft draft, int days) throws SQLException {
        List<List<Subject>> works = new ArrayList<>();
        List<LicenseDraft.Item> readable = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        for (LicenseDraft.Item item : draft.items()) {
            if (item.problem() == null) {
                works.add(item.subjects());
                readable.add(item);
            } else {
                skipped.add(new Skipped(item.id(), null, item.problem()));
            }
        }
        Map<PartyId, List<Judged>> byLicensor = new LinkedHashMap<>();
        List<Judged> judged = licensors.judge(works, draft.terms().uses());
        for (int i = 0; i < judged.size(); i++) {
            Judged work = judged.get(i);
            List<PartyId> toAsk = work.toAsk().keySet().stream()
                    .filter(party -> !party.equals(asker))
                    .toList();
            toAsk.forEach(party ->
                    byLicensor.computeIfAbsent(party, any -> new ArrayList<>()).add(work));
            if (toAsk.isEmpty()) {
                skipped.add(new Skipped(readable.get(i).id(), work.verdict(), null));
            }
        }
        List<Part> parts = parts(byLicensor, named(draft));
        if (parts.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/items", Reason.CONFLICT, "for none of the works somebody can be asked; look them up first");
        }
        if (parts.size() > MAX_LICENSORS) {
            throw Problem.TOO_LARGE.because("A call asks at most " + MAX_LICENSORS + " licensors, and these works have "
                    + parts.size() + "; ask for some of them in another call");
        }
        budgets.take(Budget.LICENSE_REQUESTS, parts.size(), asker, address);
        return new Asked(record(asker, draft, parts, days), skipped);
    }

    /** Returns the offers that the asker accepts, by licensor. */
    private Map<PartyId, Offer> named(LicenseDraft draft) throws SQLException {
        Map<PartyId, Offer> named = new HashMap<>();
        for (int i = 0; i < draft.offers().size(); i++) {
            String pointer = "/offers/" + i;
            Offer offer = offers.find(draft.offers().get(i)).orElse(null);
            if (offer == null || !offer.isInForce()) {
                throw Problem.INVALID_REQUEST.at(pointer, Reason.UNKNOWN_VALUE, "there is no such offer in force");
            }
            if (!offer.terms().covers(draft.terms())) {
                throw Problem.INVALID_REQUEST.at(
                        pointer,
                        Reason.CONFLICT,
                        "the offer does not cover the uses, model, transfer, territory and period of the terms");
            }
            if (named.putIfAbsent(offer.party(), offer) != null) {
                throw Problem.INVALID_REQUEST.at(pointer, Reason.DUPLICATE, "name one offer of each licensor");
            }
        }
        return named;
    }

    private List<Part> parts(Map<PartyId, List<Judged>> byLicensor, Map<PartyId, Offer> named) throws SQLException {
        List<Part> parts = new ArrayList<>();
        for (Map.Entry<PartyId, List<Judged>> one : byLicensor.entrySet()) {
            Offer offer = named.get(one.getKey());
            if (offer == null) {
                parts.add(new Part(one.getKey(), null, one.getValue()));
                continue;
            }
            List<Boolean> covered = licensors.covered(offer, one.getValue());
            Part under = new Part(one.getKey(), offer, new ArrayList<>());
            Part beside = new Part(one.getKey(), null, new ArrayList<>());
            for (int i = 0; i < covered.size(); i++) {
                (covered.get(i) ? under : beside).works().add(one.getValue().get(i));
            }
            parts.addAll(List.of(under, beside));
        }
        parts.removeIf(part -> part.works().isEmpty());
        return parts;
    }

    private List<LicenseRequestId> record(PartyId asker, LicenseDraft draft, List<Part> parts, int days)
            throws SQLException {
        List<NewRequest> made = new ArrayList<>();
        for (Part part : parts) {
            made.add(new NewRequest(
                    new LicenseRequestId(ids.next()),
                    asker,
                    part.licensor(),
                    new PartyId(ids.next()),
                    new PartyId(ids.next()),
                    part.offer() == null ? null : part.offer().id(),
                    part.isEvidenced(),
                    part.works().size(),
                    WorkList.of(part.works().stream().map(Judged::subjects).toList())));
        }
        requests.insert(made);
        List<CompletionStage<Proposal.Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            NewRequest request = made.get(i);
            Offer offer = parts.get(i).offer();
            LicenseTerms terms = offer == null ? draft.terms() : offer.terms().narrowedTo(draft.terms());
            LicenseText text = new LicenseText(terms, draft.purpose(), draft.message(), false);
            outcomes.add(ledger.proposeWaiting(Proposal.confidential(
                    text.ofRequest(request),
                    Authority.REGISTRY,
                    commitment ->
                            new LicenseEntry.LicenseRequested(request.id(), request.askerAlias(), days, commitment))));
        }
        for (int i = 0; i < made.size(); i++) {
            Ledger.await(outcomes.get(i));
            Part part = parts.get(i);
            LicenseRequest request = requests.find(made.get(i).id(), asker).orElseThrow();
            if (part.offer() != null && part.offer().automatic() && request.evidenced()) {
                acceptAutomatically(request);
            } else {
                notices.addFrom(
                        asker,
                        part.licensor(),
                        request.recordedAt(),
                        Notices.Kind.LICENSE_REQUESTED,
                        request.id().toString(),
                        request.endsAt());
            }
        }
        return made.stream().map(NewRequest::id).toList();
    }

    /** Accepts for the licensor, as its offer says. The licensor gets one notice a day for each asker. */
    private void acceptAutomatically(LicenseRequest request) throws SQLException {
        LicenseTerms terms = proposed(request);
        LicenseText text = new LicenseText(terms, null, null, true);
        record(request, Side.LICENSOR, LicenseStep.ACCEPTED, text);
        notices.addFrom(
                request.asker(),
                request.licensor(),
                clock.instant(),
                Notices.Kind.LICENSE_CHANGED,
                request.id().toString());
        issue(requests.find(request.id(), request.asker()).orElseThrow());
    }

    /**
     * Takes a step for a side, and tells the other side.
     *
     * @throws ProblemException {@link Problem#NOTHING_TO_CHANGE} if it is not the side's turn, or the request has ended
     */
    LicenseRequest step(LicenseRequest request, Side side, LicenseDraft.StepRequest wanted) throws SQLException {
        LicenseText text;
        LicenseStep step;
        switch (wanted.step()) {
            case COUNTER -> {
                step = LicenseStep.COUNTERED;
                text = new LicenseText(wanted.terms(), null, wanted.message(), false);
            }
            case REFUSE -> {
                step = LicenseStep.REFUSED;
                text = new LicenseText(null, null, wanted.message(), false);
            }
            default -> {
                step = LicenseStep.ACCEPTED;
                text = new LicenseText(proposed(request), null, wanted.message(), false);
            }
        }
        return taken(request, side, step, text);
    }

    /** Withdraws a request, and tells the licensor. */
    void withdraw(LicenseRequest request) throws SQLException {
        taken(request, Side.ASKER, LicenseStep.WITHDRAWN, new LicenseText(null, null, null, false));
    }

    private LicenseRequest taken(LicenseRequest request, Side side, LicenseStep step, LicenseText text)
            throws SQLException {
        record(request, side, step, text);
        requests.resetAlarms(request.id());
        LicenseRequest after = requests.find(request.id(), request.asker()).orElseThrow();
        notices.add(
                request.party(side.other()),
                after.changedAt(),
                Notices.Kind.LICENSE_CHANGED,
                request.id().toString(),
                after.endsAt());
        if (step == LicenseStep.ACCEPTED) {
            issue(after);
            return requests.find(request.id(), request.asker()).orElseThrow();
        }
        return after;
    }

    private void record(LicenseRequest request, Side side, LicenseStep step, LicenseText text) {
        Confidential confidential = text.ofStep(side);
        Integer days = step == LicenseStep.COUNTERED ? DAYS : null;
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                Authority.REGISTRY,
                commitment ->
                        new LicenseEntry.LicenseStepped(step, request.id(), request.alias(side), days, commitment))));
    }

    /** Returns the terms that were proposed last. */
    private LicenseTerms proposed(LicenseRequest request) throws SQLException {
        LicenseTerms terms = null;
        for (LedgerEntry entry : thread(request)) {
            LicenseTerms proposed = LicenseText.of(entry).terms();
            terms = proposed == null ? terms : proposed;
        }
        if (terms == null) {
            throw Problem.NOTHING_TO_CHANGE.because("The terms were erased with the account of the other side");
        }
        return terms;
    }

    /** Returns the entries of a request, oldest first, with their confidential parts. */
    List<LedgerEntry> thread(LicenseRequest request) throws SQLException {
        List<LedgerEntry> thread = new ArrayList<>(entries.at(requests.steps(request.id())));
        thread.sort((one, other) -> Long.compare(one.position(), other.position()));
        return thread;
    }

    /** Returns the openings of the commitments of a request's entries, by position. */
    Map<Long, LedgerStore.Opening> openings(LicenseRequest request) throws SQLException {
        return entries.openings(requests.steps(request.id()));
    }

    /**
     * Gives the grant of an agreement. After a failure, and if the ledger refuses the grant because the licensor is
     * suspended or has spent its budget, {@link #issueMissing} tries again when the claim has ended.
     */
    private void issue(LicenseRequest request) {
        try {
            Instant now = clock.instant();
            GrantId grant = requests.claimGrant(request.id(), grants.next(), now, now.plus(CLAIM))
                    .orElse(null);
            if (grant == null) {
                return;
            }
            List<Subject> works = requests.works(request.id()).works(0, Integer.MAX_VALUE).stream()
                    .flatMap(List::stream)
                    .toList();
            grants.giveAgreed(grant, request.licensor(), request.asker(), proposed(request), works);
            requests.setIssued(request.id());
        } catch (ProblemException refused) {
            LOG.infof("No grant yet for license request %s: %s", request.id(), refused.detail());
        } catch (SQLException | RuntimeException failure) {
            LOG.errorf(failure, "No grant was issued yet for license request %s", request.id());
        }
    }

    /** Gives the grants of agreements that a failure or a crash left without one. */
    void issueMissing() throws SQLException {
        requests.notIssued(TOGETHER, clock.instant()).forEach(this::issue);
    }

    /** The result of accepting many requests under an offer. */
    record BulkResult(
            List<LicenseRequest> granted, List<LicenseRequest> countered, List<LicenseRequest> left, long next) {}

    /**
     * Answers requests that wait for the licensor and that its offer covers: it accepts those whose last proposed terms
     * have the price and the duties of the offer, and answers the others with the terms of the offer as a counter-offer,
     * because their askers did not accept that price.
     *
     * @param after the position of the last request of the previous call; 0 for the first
     * @param limit the number of requests to look at
     */
    BulkResult answerUnder(Offer offer, @Nullable String message, long after, int limit) throws SQLException {
        List<LicenseRequest> granted = new ArrayList<>();
        List<LicenseRequest> countered = new ArrayList<>();
        List<LicenseRequest> left = new ArrayList<>();
        List<LicenseRequest> waiting = requests.waitingFor(offer.party(), after, limit, clock.instant());
        for (LicenseRequest request : waiting) {
            LicenseTerms asked = proposed(request);
            if (!offer.terms().covers(asked) || !isCovered(offer, request, asked)) {
                left.add(request);
                continue;
            }
            LicenseTerms offered = offer.terms().narrowedTo(asked);
            boolean agrees = asked.price().equals(offered.price()) && asked.reporting() == offered.reporting();
            try {
                LicenseText text = new LicenseText(agrees ? asked : offered, null, message, false);
                LicenseRequest answered =
                        taken(request, Side.LICENSOR, agrees ? LicenseStep.ACCEPTED : LicenseStep.COUNTERED, text);
                (agrees ? granted : countered).add(answered);
            } catch (ProblemException refused) {
                // The asker withdrew it in the meantime, or its time ended.
                left.add(request);
            }
        }
        long next = waiting.size() < limit ? 0 : waiting.get(limit - 1).position();
        return new BulkResult(granted, countered, left, next);
    }

    private boolean isCovered(Offer offer, LicenseRequest request, LicenseTerms asked) throws SQLException {
        if (offer.coverage().isAll()) {
            return true;
        }
        List<List<Subject>> works = requests.works(request.id()).works(0, Integer.MAX_VALUE);
        return licensors.covered(offer, licensors.judge(works, asked.uses())).stream()
                .allMatch(Boolean::booleanValue);
    }

    /** Reminds sides whose time ends soon, and tells the other side when it has ended. */
    void raiseAlarms() throws SQLException {
        Instant now = clock.instant();
        for (LicenseRequest request : requests.raise(LicenseRequests.Alarm.END, now, TOGETHER)) {
            notices.add(
                    request.party(request.sideToAct().other()),
                    now,
                    Notices.Kind.LICENSE_UNANSWERED,
                    request.id().toString(),
                    null);
        }
        for (LicenseRequest request : requests.raise(LicenseRequests.Alarm.REMINDER, now.plus(REMINDER), TOGETHER)) {
            if (request.statusAt(now) != LicenseRequests.Status.UNANSWERED) {
                notices.add(
                        request.party(request.sideToAct()),
                        now,
                        Notices.Kind.LICENSE_REMINDER,
                        request.id().toString(),
                        request.endsAt());
            }
        }
        requests.deleteUnrecorded(now);
    }

    /** Returns the offer if it is in force and of the party. */
    Offer ownOffer(PartyId party, OfferId id) throws SQLException {
        return offers.find(id)
                .filter(offer -> offer.isInForce() && offer.party().equals(party))
                .orElseThrow(() ->
                        Problem.INVALID_REQUEST.at("/offer", Reason.UNKNOWN_VALUE, "you have no such offer in force"));
    }
}
