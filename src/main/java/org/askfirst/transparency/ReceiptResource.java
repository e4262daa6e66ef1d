package org.askfirst.transparency;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.http.Body;
import org.askfirst.http.Members;
import org.jspecify.annotations.Nullable;

/** Tells of receipts whether they are ours, and with which keys anyone can tell. */
@Path("/")
@Produces(APPLICATION_JSON)
@Blocking
public class ReceiptResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_JWS = 8192;
    private static final int MAX_HASH = 64;
    private static final int MAX_PATH = 16;

    private final Receipts receipts;
    private final ReceiptKeys keys;

    ReceiptResource(Receipts receipts, ReceiptKeys keys) {
        this.receipts = receipts;
        this.keys = keys;
    }

    /** {@code KeySet}. */
    record KeySet(List<Key> keys) {}

    /** A public key (RFC 8037). */
    record Key(String kty, String crv, String x, String kid, String use, String alg) {}

    /** {@code ReceiptFinding}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FindingView(
            boolean valid,
            @Nullable String reason,
            @Nullable String kind,
            @Nullable String proves,
            @Nullable Map<String, Object> claims) {}

    /** {@code getReceiptKeys}. */
    @GET
    @Path(".well-known/jwks.json")
    public Response keys() throws SQLException {
        List<Key> set = new ArrayList<>();
        keys.all()
                .forEach((kid, raw) ->
                        set.add(new Key("OKP", "Ed25519", ReceiptKeys.base64url(raw), kid, "sig", "EdDSA")));
        return Response.ok(new KeySet(set))
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .build();
    }

    /** {@code verifyReceipt}. */
    @POST
    @Path("v1/receipts/verify")
    @Consumes(APPLICATION_JSON)
    public FindingView verify(InputStream body) throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "receipt");
        JsonNode given = members.raw("receipt");
        Receipts.Finding finding;
        if (given != null && given.isObject()) {
            Receipt receipt = receipt(members);
            finding = receipts.verify(receipt);
        } else {
            String jws = members.text("receipt", MAX_JWS);
            members.finish();
            finding = receipts.verify(Objects.requireNonNull(jws));
        }
        return new FindingView(finding.valid(), finding.reason(), finding.kind(), finding.proves(), finding.claims());
    }

    private static Receipt receipt(Members members) {
        Members receipt =
                Objects.requireNonNull(members.object("receipt", "position", "leafHash", "recordedAt", "path", "jws"));
        long position = receipt.wholeNumber("position", 1);
        String leafHash = receipt.text("leafHash", MAX_HASH);
        Instant recordedAt = receipt.optionalMoment("recordedAt");
        List<String> path = receipt.has("path") ? receipt.optionalTexts("path", MAX_PATH, MAX_HASH) : null;
        String jws = receipt.optionalText("jws", MAX_JWS);
        if (recordedAt == null) {
            receipt.refuse("recordedAt", "\"recordedAt\" is missing");
        }
        members.finish();
        return new Receipt(position, Objects.requireNonNull(leafHash), Objects.requireNonNull(recordedAt), path, jws);
    }
}
