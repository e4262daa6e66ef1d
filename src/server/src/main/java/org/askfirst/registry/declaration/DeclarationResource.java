package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Entry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Conditional;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.registry.quota.SeenContacts;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.submission.BatchSubmission;
import org.askfirst.registry.submission.IdempotencyKey;
import org.askfirst.registry.transparency.Proofs;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Endpoints that make, show, amend and withdraw declarations. */
@Path("/v1/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class DeclarationResource {
    private static final int BODY_LIMIT = 1 << 18;
    private static final int CREATED = 201;

    /** A cache may keep the answer, and asks each time whether it is still current. */
    private static final String CACHE = "public, no-cache";

    private final Parties parties;
    private final Declarations declarations;
    private final BatchSubmission batches;
    private final ObjectWriter batchAnswers;
    private final ObjectWriter declarationAnswers;
    private final ObjectMapper mapper;
    private final Ledger ledger;
    private final DeclarationHistory histories;
    private final Proofs proofs;
    private final Measures measures;
    private final PublicAddress address;
    private final Quotas quotas;

    DeclarationResource(
            Parties parties,
            Declarations declarations,
            BatchSubmission batches,
            Ledger ledger,
            DeclarationHistory histories,
            Proofs proofs,
            Measures measures,
            ObjectMapper mapper,
            PublicAddress address,
            Quotas quotas) {
        this.measures = measures;
        this.quotas = quotas;
        this.address = address;
        this.batchAnswers = mapper.writerFor(DeclarationBatch.BatchAnswer.class);
        this.mapper = mapper;
        this.declarationAnswers = mapper.writerFor(DeclarationView.class);
        this.parties = parties;
        this.declarations = declarations;
        this.batches = batches;
        this.ledger = ledger;
        this.histories = histories;
        this.proofs = proofs;
    }

    /** {@code declare}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response declare(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey,
            @QueryParam("dryRun") @Nullable String dryRun,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization, KeyScope.TEST).from(exchange.request());
        boolean dry = Parameters.isTrue("dryRun", dryRun) || caller.onlyTests();
        byte[] bytes = Body.bytes(body, BODY_LIMIT);
        Proposal proposal = declarations.declaring(
                caller,
                Json.parse(bytes),
                Proposal.Request.PLAIN
                        .with(IdempotencyKey.ofAct(idempotencyKey, "POST", bytes))
                        .rehearsing(dry));
        Proposal.Outcome outcome = Ledger.await(ledger.propose(proposal));
        if (dry) {
            return Response.ok(dryRun(declarations.rehearsed(proposal), outcome.position() > 0))
                    .build();
        }
        DeclarationView view = declarations.after(proposal, outcome);
        return Response.status(outcome.fresh() ? CREATED : 200)
                .location(URI.create("/v1/declarations/" + view.id()))
                .entity(view)
                .build();
    }

    /** {@code DeclarationDryRun}: a declaration without the members that only a recorded one has. */
    private ObjectNode dryRun(DeclarationView view, boolean alreadyDeclared) {
        ObjectNode answer = mapper.valueToTree(view);
        answer.remove(List.of("id", "position", "firstPosition", "recordedAt", "receipt"));
        answer.put("dryRun", true);
        if (alreadyDeclared) {
            answer.put("alreadyDeclared", true);
        }
        return answer;
    }

    /** {@code declareBatch}. */
    @POST
    @Path("/batch")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response declareBatch(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("dryRun") @Nullable String dryRun,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization, KeyScope.TEST).fromStream(exchange.request());
        boolean dry = Parameters.isTrue("dryRun", dryRun) || caller.onlyTests();
        DeclarationBatch batch = new DeclarationBatch(declarations, histories, batchAnswers, caller, dry);
        StreamingOutput answers = out -> batches.take(batch, body, out, exchange.response()::writeQueueFull);
        return Response.ok(answers).build();
    }

    /** {@code getDeclaration}. */
    @GET
    @Path("/{id}")
    public RestResponse<byte[]> get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context RoutingContext exchange)
            throws SQLException, IOException {
        PartyId reader = parties.reader(authorization).orElse(null);
        DeclarationState state = declarations.find(id);
        DeclarationView view = published(declarations.view(state, reader), state.party(), reader, exchange);
        exchange.response().putHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
        byte[] body = declarationAnswers.writeValueAsBytes(view);
        return Conditional.answer(
                body, DeclarationTag.of(view.position(), body), CACHE, ifNoneMatch, exchange.response());
    }

    /**
     * Hides the contact in the terms from others, if a form of the registry takes its place, or if the asker has seen
     * too many contacts.
     */
    private DeclarationView published(
            DeclarationView view, PartyId party, @Nullable PartyId reader, RoutingContext exchange)
            throws SQLException {
        TermsView terms = view.terms();
        if (terms == null || terms.contact() == null || party.equals(reader)) {
            return view;
        }
        String origin = address.of(exchange.request());
        SeenContacts contacts = quotas.of(exchange.request(), null).contacts();
        return view.published(party, parties.faces(List.of(party)).get(party), origin, contacts::show);
    }

    /** {@code amendDeclaration}. */
    @PUT
    @Path("/{id}")
    @Consumes(APPLICATION_JSON)
    public DeclarationView amend(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @PathParam("id") String id,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization).from(exchange.request());
        byte[] bytes = Body.bytes(body, BODY_LIMIT);
        Proposal.Request request = Proposal.Request.PLAIN
                .with(IdempotencyKey.ofAct(idempotencyKey, "PUT " + id, bytes))
                .expecting(DeclarationTag.expected(ifMatch));
        Proposal proposal = declarations.amending(caller, declarations.find(id), Json.parse(bytes), request);
        return declarations.after(proposal, Ledger.await(ledger.propose(proposal)));
    }

    /** {@code withdrawDeclaration}. */
    @DELETE
    @Path("/{id}")
    public DeclarationView withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization);
        Entry entry = new DeclarationEntry.Withdrawn(declarations.find(id).id(), caller.party());
        Proposal proposal = Proposal.of(entry, caller.authority())
                .with(Proposal.Request.PLAIN.expecting(DeclarationTag.expected(ifMatch)));
        return declarations.after(proposal, Ledger.await(ledger.propose(proposal)));
    }

    /** {@code getDeclarationHistory}. */
    @GET
    @Path("/{id}/history")
    public History history(@PathParam("id") String id) throws SQLException {
        DeclarationId declaration = declarations.find(id).id();
        return new History(
                declaration.toString(),
                histories.history(declaration).stream()
                        .map(entry -> HistoryEntry.of(entry, measures.shown(entry)))
                        .toList());
    }

    /** {@code getDeclarationProof}, as JSON. */
    @GET
    @Path("/{id}/proof")
    public Proofs.EntryProof proof(@PathParam("id") String id) throws SQLException {
        return proofs.of(declarations.find(id).latest());
    }

    /** {@code getDeclarationProof}, as a tlog-proof. */
    @GET
    @Path("/{id}/proof")
    @Produces(MediaType.TEXT_PLAIN)
    public String proofText(@PathParam("id") String id) throws SQLException {
        return proofs.text(declarations.find(id).latest());
    }

    /** {@code History}. */
    record History(String declaration, List<HistoryEntry> entries) {}

    /**
     * {@code HistoryEntry}.
     *
     * @param entry exactly the text that was hashed, unless a subject in it is hidden
     * @param withheld true if a subject in the text is hidden; null otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HistoryEntry(
            long position,
            Instant recordedAt,
            String leafHash,
            @JsonRawValue String entry,
            @Nullable Boolean withheld) {
        static HistoryEntry of(LedgerEntry entry, Measures.ShownText shown) {
            return new HistoryEntry(
                    entry.position(), entry.recordedAt(), entry.leafHash().hex(), shown.text(), shown.withheld());
        }
    }
}
