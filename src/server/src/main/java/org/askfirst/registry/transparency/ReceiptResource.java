package org.askfirst.registry.transparency;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.RecordsNothing;
import org.jspecify.annotations.Nullable;

/** Verifies receipts. */
@Path("/v1/receipts")
@Produces(APPLICATION_JSON)
@Blocking
public class ReceiptResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_JWS = 8192;
    private static final int MAX_HASH = 64;
    private static final int MAX_PATH = 16;
    private static final Pattern JWS = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final String A_JWS = "a compact JWS: three parts that are separated by dots";

    private final Receipts receipts;

    ReceiptResource(Receipts receipts) {
        this.receipts = receipts;
    }

    /** {@code ReceiptVerification}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VerificationView(
            boolean valid,
            @Nullable String reason,
            @Nullable String kind,
            @Nullable String proves,
            @Nullable Map<String, Object> claims) {}

    /** {@code verifyReceipt}. */
    @POST
    @RecordsNothing
    @Path("/verify")
    @Consumes(APPLICATION_JSON)
    public VerificationView verify(InputStream body) throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "receipt");
        JsonNode value = members.raw("receipt");
        Receipts.ReceiptVerification result;
        if (value != null && value.isObject()) {
            Receipt receipt = receipt(members);
            result = receipts.verify(receipt);
        } else {
            String jws = members.optionalText("receipt", MAX_JWS, JWS, A_JWS);
            members.require("receipt");
            members.finish();
            result = receipts.verify(Objects.requireNonNull(jws));
        }
        return new VerificationView(result.valid(), result.reason(), result.kind(), result.proves(), result.claims());
    }

    private static Receipt receipt(Members members) {
        Members receipt =
                Objects.requireNonNull(members.object("receipt", "position", "leafHash", "recordedAt", "path", "jws"));
        long position = receipt.wholeNumber("position", 1);
        String leafHash = receipt.optionalText("leafHash", MAX_HASH, HEX, "64 hexadecimal digits");
        Instant recordedAt = receipt.optionalMoment("recordedAt");
        // A group of one entry has an empty path, so an empty list differs from an absent one.
        boolean hasPath = receipt.raw("path") != null;
        List<String> path = hasPath ? receipt.optionalTexts("path", MAX_PATH, MAX_HASH) : null;
        String jws = receipt.optionalText("jws", MAX_JWS, JWS, A_JWS);
        if (hasPath != receipt.has("jws")) {
            receipt.refuse(hasPath ? "jws" : "path", Reason.MISSING, "give both path and jws, or neither");
        }
        receipt.require("leafHash");
        receipt.require("recordedAt");
        members.finish();
        return new Receipt(position, Objects.requireNonNull(leafHash), Objects.requireNonNull(recordedAt), path, jws);
    }
}
