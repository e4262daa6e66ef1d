package org.askfirst.registry.offer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.OfferEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jboss.logging.Logger;

/**
 * The offers in force, in memory by licensor, because answers with full detail name those that fit.
 *
 * <p>While there are no offers at all, a lookup only asks {@link Book#isEmpty}. The node that records an offer applies
 * it before the answer is sent. Other nodes read what changed when the ledger has grown, which takes less than a second.
 */
@ApplicationScoped
public class Offers implements LedgerFollower {
    private static final Logger LOG = Logger.getLogger(Offers.class);

    /** The number of offers that one answer names. */
    private static final int MAX_NAMED = 20;

    private final OfferStore store;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Book inForce = Book.EMPTY;

    /** The position up to which {@link #inForce} has the offers. Written under this object's lock. */
    private volatile long known;

    private volatile long reached;

    Offers(OfferStore store) {
        this.store = store;
    }

    /** Before the ledger's head starts, and with it everything that shows an answer. */
    void start(@Observes @Priority(190) StartupEvent event, Mirror mirror) {
        if (mirror.isOn()) {
            return;
        }
        read(0);
    }

    @Override
    public void appended(LedgerGroup group) {
        long last = group.entries().get(group.entries().size() - 1).position();
        boolean concerns = group.entries().stream()
                .anyMatch(entry -> entry.entry() instanceof OfferEntry || entry.entry() instanceof AccountEntry.Erased);
        synchronized (this) {
            if (!concerns && group.entries().get(0).position() == known + 1) {
                known = last;
                return;
            }
        }
        read(last);
    }

    @Override
    public void reached(long position) {
        if (position <= known) {
            return;
        }
        reached = Math.max(reached, position);
        if (reading.compareAndSet(false, true)) {
            Infrastructure.getDefaultWorkerPool().execute(this::readOn);
        }
    }

    private void readOn() {
        try {
            while (known < reached) {
                read(reached);
            }
        } finally {
            reading.set(false);
        }
    }

    /**
     * Reads what changed. Two threads must not replace a newer state by an older one.
     *
     * @param atLeast a position that the tables have reached
     */
    private synchronized void read(long atLeast) {
        try {
            List<Offer> changed = store.changedSince(known);
            if (!changed.isEmpty()) {
                inForce = inForce.with(changed);
            }
            long newest = known;
            for (Offer offer : changed) {
                newest = Math.max(newest, offer.isInForce() ? offer.position() : offer.untilPosition());
            }
            known = Math.max(newest, atLeast);
        } catch (SQLException failure) {
            // The next entry triggers another attempt. Until then the earlier offers are named.
            LOG.warnf("The offers cannot be read: %s", failure.getMessage());
            reached = known;
        }
    }

    /**
     * Offers by licensor. It is immutable.
     *
     * @param byParty the offers of each party, oldest first
     */
    public record Book(Map<PartyId, List<Offer>> byParty) {
        /** No offers. */
        public static final Book EMPTY = new Book(Map.of());

        /** Returns true if there is no offer at all. */
        public boolean isEmpty() {
            return byParty.isEmpty();
        }

        /** Returns the offers of the party, oldest first. */
        public List<Offer> of(PartyId party) {
            return byParty.getOrDefault(party, List.of());
        }

        private Book with(List<Offer> changed) {
            Map<PartyId, List<Offer>> next = new HashMap<>(byParty);
            for (Offer offer : changed) {
                List<Offer> offers = new ArrayList<>(next.getOrDefault(offer.party(), List.of()));
                offers.removeIf(other -> other.id().equals(offer.id()) && other.position() <= offer.position());
                if (offer.isInForce()) {
                    offers.add(offer);
                }
                if (offers.isEmpty()) {
                    next.remove(offer.party());
                } else {
                    next.put(offer.party(), List.copyOf(offers));
                }
            }
            return new Book(next);
        }

        /**
         * Returns the offers that fit a work: those of the parties whose statements apply and do not permit, for a use
         * whose verdict is {@code ask}.
         *
         * @param verdicts the verdicts on the work
         * @param declaration returns the declaration that makes a statement
         * @param work the subjects of the work
         */
        public List<Offer> fitting(
                Verdicts verdicts, Function<Statement, DeclarationId> declaration, List<Subject> work, Instant moment) {
            if (isEmpty() || !verdicts.uses().containsValue(Verdict.ASK)) {
                return List.of();
            }
            Set<Offer> fitting = new LinkedHashSet<>();
            for (Verdicts.Assessment assessment : verdicts.assessments()) {
                if (isToAsk(assessment, moment)) {
                    Statement statement = assessment.statement();
                    for (Offer offer : of(statement.party())) {
                        if (fitting.size() < MAX_NAMED
                                && offer.isOpenAt(moment)
                                && offer.fits(verdicts.uses())
                                && offer.covers(() -> declaration.apply(statement), work)) {
                            fitting.add(offer);
                        }
                    }
                }
            }
            return List.copyOf(fitting);
        }
    }

    /** Returns true if the party of the statement is one to ask. */
    static boolean isToAsk(Verdicts.Assessment assessment, Instant moment) {
        Statement statement = assessment.statement();
        return assessment.outcome() == Verdicts.Outcome.APPLIED
                && assessment.stance() != Stance.PERMITTED
                && statement.contactable()
                && !statement.onBehalfOf().isOutOfMandate(moment);
    }

    /** Returns the offers that are in force now. Does not block. */
    public Book now() {
        return inForce;
    }

    /** Returns the offers of the parties that were in force at a position of the ledger. */
    public Book at(Collection<PartyId> parties, long position) throws SQLException {
        Map<PartyId, List<Offer>> byParty = new HashMap<>();
        for (Offer offer : parties.isEmpty() ? List.<Offer>of() : store.at(parties, position)) {
            byParty.computeIfAbsent(offer.party(), party -> new ArrayList<>()).add(offer);
        }
        return new Book(byParty);
    }

    /** Returns the newest version of an offer, in force or not; empty if there is none. */
    public Optional<Offer> find(OfferId id) throws SQLException {
        return store.find(id);
    }

    /** {@code NamedOffer}: an offer, as an answer of a lookup names it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NamedOffer(String id, String party, List<String> uses, String basis, String acceptance) {
        /** Returns the view of the offer. */
        public static NamedOffer of(Offer offer) {
            return new NamedOffer(
                    offer.id().toString(),
                    offer.party().toString(),
                    offer.terms().uses().stream().map(Use::wireName).toList(),
                    offer.terms().price().basis().wireName(),
                    Offers.acceptance(offer.automatic()));
        }
    }

    static String acceptance(boolean automatic) {
        return automatic ? "automatic" : "licensor";
    }
}
