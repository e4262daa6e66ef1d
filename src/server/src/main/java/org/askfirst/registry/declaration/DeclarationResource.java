package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Entry;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.submission.BatchSubmission;
import org.askfirst.registry.transparency.Proofs;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/** Endpoints that make, show, amend and withdraw declarations. */
@Path("/v1/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class DeclarationResource {
    private static final int BODY_LIMIT = 1 << 18;
    private static final int CREATED = 201;
    private static final int MAX_IDEMPOTENCY_KEY = 255;

    private final Parties parties;
    private final Declarations declarations;
    private final BatchSubmission batches;
    private final ObjectWriter batchAnswers;
    private final Ledger ledger;
    private final DeclarationHistory histories;
    private final Proofs proofs;

    DeclarationResource(
            Parties parties,
            Declarations declarations,
            BatchSubmission batches,
            Ledger ledger,
            DeclarationHistory histories,
            Proofs proofs,
            ObjectMapper mapper) {
        this.batchAnswers = mapper.writerFor(DeclarationBatch.BatchAnswer.class);
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
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization);
        byte[] bytes = Body.bytes(body, BODY_LIMIT);
        Proposal proposal =
                declarations.declaring(caller, Json.parse(bytes), idempotency(idempotencyKey, "POST", bytes));
        Proposal.Outcome outcome = Ledger.await(ledger.propose(proposal));
        DeclarationView view = declarations.after(outcome);
        return Response.status(outcome.fresh() ? CREATED : 200)
                .location(URI.create("/v1/declarations/" + view.id()))
                .entity(view)
                .build();
    }

    /** {@code declareBatch}. */
    @POST
    @Path("/batch")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response declareBatch(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization);
        StreamingOutput answers = out -> batches.take(
                new DeclarationBatch(declarations, histories, batchAnswers, caller),
                body,
                out,
                exchange.response()::writeQueueFull);
        return Response.ok(answers).build();
    }

    /** {@code getDeclaration}. */
    @GET
    @Path("/{id}")
    public DeclarationView get(@PathParam("id") String id) throws SQLException {
        return declarations.view(declarations.find(id));
    }

    /** {@code amendDeclaration}. */
    @PUT
    @Path("/{id}")
    @Consumes(APPLICATION_JSON)
    public DeclarationView amend(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization);
        byte[] bytes = Body.bytes(body, BODY_LIMIT);
        Proposal proposal = declarations.amending(
                caller, declarations.find(id), Json.parse(bytes), idempotency(idempotencyKey, "PUT " + id, bytes));
        return declarations.after(Ledger.await(ledger.propose(proposal)));
    }

    /** {@code withdrawDeclaration}. */
    @DELETE
    @Path("/{id}")
    public DeclarationView withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization);
        DeclarationId declaration = declarations.find(id).id();
        Entry entry = new DeclarationEntry.Withdrawn(declaration, caller.party());
        return declarations.after(Ledger.await(ledger.propose(Proposal.of(entry, caller.authority()))));
    }

    /** {@code getDeclarationHistory}. */
    @GET
    @Path("/{id}/history")
    public History history(@PathParam("id") String id) throws SQLException {
        DeclarationId declaration = declarations.find(id).id();
        return new History(
                declaration.toString(),
                histories.history(declaration).stream().map(HistoryEntry::of).toList());
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

    private static Proposal.@Nullable Idempotency idempotency(@Nullable String key, String operation, byte[] body) {
        if (key == null) {
            return null;
        }
        if (key.isBlank() || key.length() > MAX_IDEMPOTENCY_KEY) {
            throw Parameters.refused(
                    "Idempotency-Key",
                    key.isBlank() ? Reason.EMPTY : Reason.TOO_LONG,
                    "give 1 to " + MAX_IDEMPOTENCY_KEY + " characters");
        }
        return new Proposal.Idempotency(
                key, Sha256.of(operation.getBytes(StandardCharsets.UTF_8), new byte[] {0}, body));
    }

    /** {@code History}. */
    record History(String declaration, List<HistoryEntry> entries) {}

    /** {@code HistoryEntry}: the entry is sent as exactly the text that was hashed. */
    record HistoryEntry(
            long position,
            Instant recordedAt,
            String leafHash,
            @JsonRawValue String entry) {
        static HistoryEntry of(LedgerEntry entry) {
            return new HistoryEntry(
                    entry.position(), entry.recordedAt(), entry.leafHash().hex(), entry.canonical());
        }
    }
}
