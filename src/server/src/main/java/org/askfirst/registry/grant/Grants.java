package org.askfirst.registry.grant;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.askfirst.entry.GrantEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.GrantId;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.transparency.Proofs;
import org.askfirst.registry.transparency.Receipts;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Gives, revokes and supersedes grants, and shows them to their two sides.
 *
 * <p>The confidential part is durable before the entry that commits to it. If the entry is refused, the part is deleted;
 * after a crash in between, it counts for nothing, and a later start deletes it.
 */
@ApplicationScoped
public class Grants {
    private static final int TOGETHER = 256;
    private static final Duration FORGET_AFTER = Duration.ofDays(1);

    private final Ledger ledger;
    private final LedgerStore entries;
    private final GrantStore store;
    private final IndexFollower index;
    private final Parties parties;
    private final DeclarationHistory declarations;
    private final Listings listings;
    private final Notices notices;
    private final Receipts receipts;
    private final Proofs proofs;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Grants(
            Ledger ledger,
            LedgerStore entries,
            GrantStore store,
            IndexFollower index,
            Parties parties,
            DeclarationHistory declarations,
            Listings listings,
            Notices notices,
            Receipts receipts,
            Proofs proofs,
            IdSource ids,
            Clock clock) {
        this.ledger = ledger;
        this.entries = entries;
        this.store = store;
        this.index = index;
        this.parties = parties;
        this.declarations = declarations;
        this.listings = listings;
        this.notices = notices;
        this.receipts = receipts;
        this.proofs = proofs;
        this.ids = ids;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        store.forgetBefore(clock.instant().minus(FORGET_AFTER));
    }

    /**
     * Gives a grant.
     *
     * @param idempotency null if the caller sent no key
     * @param before the grant whose place it takes; null if there is none
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if there is no such licensee, or if no statement of the
     *     caller decides about a work
     */
    GivenGrant give(
            Caller caller,
            GrantRequest request,
            Proposal.@Nullable Idempotency idempotency,
            @Nullable GivenGrant before)
            throws SQLException {
        PartyId licensee = before == null ? licensee(caller, request) : before.licensee();
        GrantWorks works = works(caller.party(), request);
        requireDeciding(caller.party(), works, request);
        GrantId id = new GrantId(ids.next());
        return record(id, caller.party(), caller.authority(), licensee, works, request.terms(), idempotency, before);
    }

    /** Returns an id for {@link #giveAgreed}. */
    public GrantId next() {
        return new GrantId(ids.next());
    }

    /**
     * Gives the grant that follows from an agreement of both sides. It is given once, however often this is called with
     * the same id, by whatever node.
     *
     * @param works all subjects of the works; one work can have several
     * @throws ProblemException if the ledger refuses it, for example because the licensor is suspended
     */
    public void giveAgreed(
            GrantId id, PartyId licensor, PartyId licensee, LicenseTerms terms, Collection<Subject> works)
            throws SQLException {
        if (store.find(id).isPresent()) {
            return;
        }
        // A call before this one may have ended between the two writes.
        store.forget(id);
        record(id, licensor, Authority.REGISTRY, licensee, GrantWorks.of(works), terms, null, null);
    }

    private GivenGrant record(
            GrantId id,
            PartyId licensor,
            Authority authority,
            PartyId licensee,
            GrantWorks works,
            LicenseTerms terms,
            Proposal.@Nullable Idempotency idempotency,
            @Nullable GivenGrant before)
            throws SQLException {
        byte[] salts = new byte[3 * GivenGrant.SALT_BYTES];
        random.nextBytes(salts);
        Instant now = clock.instant();
        store.write(id, licensor, licensee, works, terms, salts, now);
        GrantEntry entry = new GrantEntry.Granted(
                id,
                licensor,
                before == null ? null : before.id(),
                terms.period(),
                new GrantEntry.Commitments(
                        commitment(salts, 0, licensee.toString()),
                        works.commitment(part(salts, 1)),
                        commitment(salts, 2, terms.toJson())));
        Proposal.Outcome outcome;
        try {
            outcome = Ledger.await(
                    ledger.propose(Proposal.of(entry, authority).with(Proposal.Request.PLAIN.with(idempotency))));
        } catch (ProblemException refused) {
            // If the outcome is unknown, the entry may still be recorded.
            if (refused.problem().status() < Problem.INTERNAL_ERROR.status()) {
                store.forget(id);
            }
            throw refused;
        }
        GivenGrant given = store.givenAt(outcome.position()).orElseThrow();
        if (!given.id().equals(id)) {
            // The request was carried out before.
            store.forget(id);
        } else {
            notices.addFrom(
                    licensor,
                    licensee,
                    given.recordedAt(),
                    Notices.Kind.GRANT_RECEIVED,
                    given.id().toString());
        }
        return given;
    }

    private PartyId licensee(Caller caller, GrantRequest request) throws SQLException {
        PartyId licensee = Objects.requireNonNull(request.licensee());
        if (licensee.equals(caller.party())) {
            throw Problem.INVALID_REQUEST.at("/licensee", Reason.OWN_PARTY, "a party needs no grant of its own");
        }
        if (!parties.faces(List.of(licensee)).containsKey(licensee)) {
            throw Problem.INVALID_REQUEST.at("/licensee", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        return licensee;
    }

    /** Returns the works of the grant: the subjects, and what the declarations name now. */
    private GrantWorks works(PartyId licensor, GrantRequest request) throws SQLException {
        if (request.everything()) {
            return GrantWorks.ALL;
        }
        Set<Subject> works = new LinkedHashSet<>(request.subjects());
        for (int i = 0; i < request.declarations().size(); i++) {
            DeclarationId id = request.declarations().get(i);
            DeclarationState state = declarations
                    .declaration(id)
                    .filter(found -> found.party().equals(licensor) && !found.withdrawn())
                    .orElse(null);
            if (state == null) {
                throw Problem.INVALID_REQUEST.at(
                        "/works/declarations/" + i,
                        Reason.UNKNOWN_VALUE,
                        "you have made no such declaration, or have withdrawn it");
            }
            works.addAll(state.content().subjects());
            if (state.content().repertoire() != null) {
                addListed(id, works);
            }
            if (works.size() > GrantWorks.MAX) {
                throw Problem.TOO_LARGE.because("A grant names at most " + GrantWorks.MAX
                        + " works; give several grants, or one of everything");
            }
        }
        return GrantWorks.of(works);
    }

    private void addListed(DeclarationId repertoire, Collection<Subject> works) throws SQLException {
        SubjectKey after = null;
        while (works.size() <= GrantWorks.MAX) {
            List<Listings.ListingRow> page = listings.page(repertoire, after, GrantStore.PART);
            page.forEach(row -> works.add(Subject.ofStored(row.subject())));
            if (page.size() < GrantStore.PART) {
                return;
            }
            after = page.get(page.size() - 1).key();
        }
    }

    /** Refuses the grant unless a statement of the licensor counts, for itself or a member, for each of the works. */
    private void requireDeciding(PartyId licensor, GrantWorks works, GrantRequest request) {
        List<Subject> subjects = works.subjects();
        IndexView view = index.view();
        Instant now = clock.instant();
        for (int from = 0; from < subjects.size(); from += TOGETHER) {
            List<Subject> some = subjects.subList(from, Math.min(subjects.size(), from + TOGETHER));
            List<List<Match>> reaching = index.reading(() -> view.reaching(some));
            for (int i = 0; i < some.size(); i++) {
                if (!decides(licensor, reaching.get(i), request.terms().uses(), now)) {
                    int place = request.subjects().indexOf(some.get(i));
                    throw Problem.INVALID_REQUEST.at(
                            place < 0 ? "/works/declarations" : "/works/subjects/" + place,
                            Reason.NO_STATEMENT,
                            "no statement of yours counts for "
                                    + Members.shown(some.get(i).canonical())
                                    + " and these uses; declare it first. If a member speaks for itself there, only"
                                    + " the member can grant");
                }
            }
        }
    }

    private static boolean decides(PartyId licensor, List<Match> matches, Set<Use> uses, Instant now) {
        return Verdicts.of(matches.stream().map(Match::statement).toList(), uses, now).assessments().stream()
                .anyMatch(assessment -> assessment.statement().party().equals(licensor)
                        && (assessment.outcome() == Verdicts.Outcome.APPLIED
                                || assessment.outcome() == Verdicts.Outcome.NO_STANDING));
    }

    /** Revokes a grant from a moment on, null for now, and tells the licensee. */
    GivenGrant revoke(Caller caller, GivenGrant grant, @Nullable Instant from) throws SQLException {
        Ledger.await(ledger.propose(
                Proposal.of(new GrantEntry.Revoked(grant.id(), caller.party(), from), caller.authority())));
        GivenGrant revoked = store.find(grant.id()).orElseThrow();
        notices.add(
                grant.licensee(),
                clock.instant(),
                Notices.Kind.GRANT_ENDED,
                grant.id().toString(),
                revoked.endsAt());
        return revoked;
    }

    /**
     * A grant as another package sees it.
     *
     * @param endsAt the first moment at which it is no longer in force, after all that ends it early
     * @param inForce true if it was in force at the moment that was asked about
     */
    public record HeldGrant(
            GrantId id, PartyId licensor, PartyId licensee, LicenseTerms terms, Instant endsAt, boolean inForce) {}

    /** Returns a grant as it is at a moment, after all that the ledger has; empty if it was never given. */
    public Optional<HeldGrant> held(GrantId id, Instant moment) throws SQLException {
        return store.find(id)
                .map(grant -> new HeldGrant(
                        grant.id(),
                        grant.licensor(),
                        grant.licensee(),
                        grant.terms(),
                        grant.endsAt(),
                        grant.statusAt(moment) == GivenGrant.Status.IN_FORCE));
    }

    /** Returns the grant if the party is one of its sides. */
    Optional<GivenGrant> find(String id, PartyId reader) throws SQLException {
        GrantId parsed = GrantStore.id(id);
        return parsed == null ? Optional.empty() : store.find(parsed).filter(grant -> grant.concerns(reader));
    }

    /** {@code GrantStatement}: the signed statement of a grant with the proof that its entry is in the log. */
    record GrantStatement(String jws, String proof) {}

    /** Returns the signed statement of a grant. */
    GrantStatement statement(GivenGrant grant) throws SQLException {
        if (grant.erased()) {
            throw Problem.NOT_FOUND.because(
                    "A side of this grant closed its account, so texts of the terms were erased; keep the statement that"
                            + " was signed before");
        }
        LedgerEntry entry = entries.at(List.of(grant.position())).get(0);
        HexFormat hex = HexFormat.of();
        Map<String, Object> claims = new TreeMap<>();
        claims.put("grant", grant.id().toString());
        claims.put("position", grant.position());
        claims.put("entry", entry.canonical());
        claims.put("licensor", grant.licensor().toString());
        claims.put("licensee", grant.licensee().toString());
        claims.put("licenseeSalt", hex.formatHex(grant.salt(0)));
        claims.put("works", grant.everything() ? "everything" : "list");
        claims.put("worksCount", (long) grant.works());
        claims.put("worksSalt", hex.formatHex(grant.salt(1)));
        claims.put("terms", grant.terms().toJson());
        claims.put("termsSalt", hex.formatHex(grant.salt(2)));
        claims.put("endsAt", grant.endsAt().toString());
        return new GrantStatement(receipts.ofGrant(claims), proofs.text(entry));
    }

    private static byte[] part(byte[] salts, int number) {
        return Arrays.copyOfRange(salts, number * GivenGrant.SALT_BYTES, (number + 1) * GivenGrant.SALT_BYTES);
    }

    private static String commitment(byte[] salts, int number, String text) {
        return HexFormat.of().formatHex(Sha256.of(part(salts, number), text.getBytes(StandardCharsets.UTF_8)));
    }
}
