package org.askfirst.registry.offer;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.OfferEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.IdSource;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** Lets parties publish, amend and withdraw offers, and lists them. */
@Path("/v1/offers")
@Produces(APPLICATION_JSON)
@Blocking
public class OfferResource {
    private static final int BODY_LIMIT = 1 << 18;
    private static final int CREATED = 201;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private final Parties parties;
    private final Ledger ledger;
    private final LedgerStore entries;
    private final OfferStore store;
    private final Offers offers;
    private final Licensors licensors;
    private final DeclarationHistory declarations;
    private final Measures measures;
    private final IdSource ids;
    private final Clock clock;

    OfferResource(
            Parties parties,
            Ledger ledger,
            LedgerStore entries,
            OfferStore store,
            Offers offers,
            Licensors licensors,
            DeclarationHistory declarations,
            Measures measures,
            IdSource ids,
            Clock clock) {
        this.parties = parties;
        this.ledger = ledger;
        this.entries = entries;
        this.store = store;
        this.offers = offers;
        this.licensors = licensors;
        this.declarations = declarations;
        this.measures = measures;
        this.ids = ids;
        this.clock = clock;
    }

    /** {@code OfferPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfferPage(List<OfferView> offers, @Nullable Long next) {}

    /** {@code publishOffer}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response publish(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpServerRequest request,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).from(request);
        OfferRequest wanted = OfferRequest.parse(Body.json(body, BODY_LIMIT), clock.instant());
        Offer offer = record(caller, new OfferId(ids.next()), false, wanted);
        return Response.status(CREATED)
                .location(URI.create("/v1/offers/" + offer.id()))
                .entity(view(offer))
                .build();
    }

    /** {@code listOffers}. */
    @GET
    public OfferPage list(
            @QueryParam("party") @Nullable String party,
            @QueryParam("subject") @Nullable List<String> subjects,
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        PartyId licensor = party == null ? null : party(party);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        if (subjects == null || subjects.isEmpty()) {
            if (uses != null && !uses.isEmpty()) {
                throw Parameters.refused("use", Reason.CONFLICT, "a use is compared only beside a subject");
            }
            return page(store.page(licensor, from, most + 1), most);
        }
        List<Offer> fitting = new ArrayList<>();
        for (Offer offer : licensors.offers(OfferParameters.work(subjects), OfferParameters.uses(uses), offers.now())) {
            if (offer.position() > from && (licensor == null || licensor.equals(offer.party()))) {
                fitting.add(offer);
            }
        }
        fitting.sort(Comparator.comparingLong(Offer::position));
        return page(fitting.subList(0, Math.min(fitting.size(), most + 1)), most);
    }

    private static PartyId party(String text) {
        return PartyId.parse(text)
                .orElseThrow(() ->
                        Parameters.refused("party", Reason.MALFORMED, "give the id of a party: p_ and 26 characters"));
    }

    /** {@code getOffer}. */
    @GET
    @Path("/{id}")
    public OfferView get(@PathParam("id") String id) throws SQLException {
        return view(find(id));
    }

    /** {@code amendOffer}. */
    @PUT
    @Path("/{id}")
    @Consumes(APPLICATION_JSON)
    public OfferView amend(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpServerRequest request,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).from(request);
        OfferRequest wanted = OfferRequest.parse(Body.json(body, BODY_LIMIT), clock.instant());
        return view(record(caller, find(id).id(), true, wanted));
    }

    /** {@code withdrawOffer}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Ledger.await(ledger.propose(
                Proposal.of(new OfferEntry.OfferWithdrawn(find(id).id(), caller.party()), caller.authority())));
    }

    private Offer record(Caller caller, OfferId id, boolean amends, OfferRequest wanted) throws SQLException {
        requireOwn(caller, wanted.coverage().declarations());
        Confidential confidential = Confidential.of(wanted.terms()).orElse(null);
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                caller.authority(),
                commitment -> new OfferEntry.OfferStated(
                        amends,
                        id,
                        caller.party(),
                        wanted.coverage(),
                        wanted.terms(),
                        wanted.automatic(),
                        commitment))));
        return find(id.toString());
    }

    private void requireOwn(Caller caller, List<DeclarationId> named) throws SQLException {
        for (int i = 0; i < named.size(); i++) {
            DeclarationState declaration =
                    declarations.declaration(named.get(i)).orElse(null);
            if (declaration == null || !declaration.party().equals(caller.party())) {
                throw Problem.INVALID_REQUEST.at(
                        "/declarations/" + i, Reason.UNKNOWN_VALUE, "you have no such declaration");
            }
        }
    }

    private Offer find(String id) throws SQLException {
        OfferId offer = OfferId.parse(id).orElse(null);
        if (offer != null) {
            Offer found = store.find(offer).orElse(null);
            if (found != null) {
                return found;
            }
        }
        throw Problem.NOT_FOUND.because("There is no such offer");
    }

    private OfferView view(Offer offer) throws SQLException {
        return views(List.of(offer)).get(0);
    }

    private OfferPage page(List<Offer> found, int most) throws SQLException {
        boolean more = found.size() > most;
        List<Offer> page = more ? found.subList(0, most) : found;
        return new OfferPage(views(page), more ? page.get(most - 1).position() : null);
    }

    private List<OfferView> views(List<Offer> some) throws SQLException {
        Set<PartyId> named = new HashSet<>();
        List<Long> positions = new ArrayList<>();
        for (Offer offer : some) {
            named.add(offer.party());
            positions.add(offer.position());
        }
        Map<PartyId, Parties.Face> faces = parties.faces(named);
        Map<Long, Confidential> texts = new HashMap<>();
        for (LedgerEntry entry : positions.isEmpty() ? List.<LedgerEntry>of() : entries.at(positions)) {
            Confidential confidential = entry.confidential();
            if (confidential != null) {
                texts.put(entry.position(), confidential);
            }
        }
        return some.stream()
                .map(offer -> OfferView.of(offer, texts.get(offer.position()), faces.get(offer.party()), measures))
                .toList();
    }

    /** The parameters that name a work and uses. */
    private static final class OfferParameters {
        private static final int MAX_SUBJECTS = 20;

        static List<Subject> work(List<String> subjects) {
            if (subjects.size() > MAX_SUBJECTS) {
                throw Parameters.refused("subject", Reason.TOO_MANY, "give at most " + MAX_SUBJECTS + " subjects");
            }
            return subjects.stream().map(Subject::parse).toList();
        }

        static Set<Use> uses(@Nullable List<String> names) {
            Set<Use> uses = new HashSet<>();
            for (String name : names == null ? List.<String>of() : names) {
                uses.add(Use.named(name)
                        .orElseThrow(() -> Parameters.refused("use", Reason.UNKNOWN_VALUE, "there is no such use")));
            }
            return uses.isEmpty() ? Set.of(Use.TEXT_AND_DATA_MINING) : uses;
        }
    }
}
