package org.askfirst.registry.transparency;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The public keys with which anybody can verify this registry's receipts. */
@Path("/.well-known/jwks.json")
@Produces(APPLICATION_JSON)
@Blocking
public class KeySetResource {
    private final ReceiptKeys keys;

    KeySetResource(ReceiptKeys keys) {
        this.keys = keys;
    }

    /** {@code KeySet}. */
    record KeySet(List<Jwk> keys) {}

    /** A public key (RFC 8037). */
    record Jwk(String kty, String crv, String x, String kid, String use, String alg) {}

    /** {@code getReceiptKeys}. */
    @GET
    public Response keys() throws SQLException {
        List<Jwk> set = new ArrayList<>();
        keys.all()
                .forEach((kid, raw) ->
                        set.add(new Jwk("OKP", "Ed25519", ReceiptKeys.base64url(raw), kid, "sig", "EdDSA")));
        return Response.ok(new KeySet(set))
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .build();
    }
}
