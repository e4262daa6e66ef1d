package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import org.askfirst.json.CanonicalJson;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.subject.Sha256;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.HashReader;
import org.askfirst.tlog.InclusionProof;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.jspecify.annotations.Nullable;

/**
 * Issues receipts and verifies them.
 *
 * <p>A signature costs as much as dozens of declarations, so each group of entries is signed once. The signature is
 * over the root of a Merkle tree of the group's leaf hashes, and each receipt has its path to this root.
 */
@ApplicationScoped
public class Receipts {
    private static final String DECLARATIONS = "declarations";
    private static final String GRANT = "grant";
    private static final String LOOKUP = "lookup";
    private static final String LOOKUP_LINES = "lookup-lines";
    private static final String RETRIEVABILITY = "retrievability";
    private static final String STATEMENT = "usage-statement";
    private static final String UNANSWERED = "license-unanswered";

    private final ReceiptKeys keys;
    private final LogKeys log;
    private final LogStore store;
    private final LedgerStore ledger;
    private final Clock clock;

    /** The signature of each group, complete or in progress, as long as somebody references the group. */
    private final Map<LedgerGroup, CompletableFuture<String>> signed = new WeakHashMap<>();

    Receipts(ReceiptKeys keys, LogKeys log, LogStore store, LedgerStore ledger, Clock clock) {
        this.keys = keys;
        this.log = log;
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * {@code ReceiptVerification}: the result of a verification.
     *
     * @param reason the reason why the receipt is not valid; null if it is valid
     * @param kind {@code lookup}, {@code lookup-lines}, {@code retrievability}, {@code license-unanswered},
     *     {@code grant}, {@code usage-statement} or {@code declaration}; null if the receipt is not valid
     * @param proves a sentence that states what the receipt proves; null if it is not valid
     * @param claims the signed claims; null if it is not valid
     */
    public record ReceiptVerification(
            boolean valid,
            @Nullable String reason,
            @Nullable String kind,
            @Nullable String proves,
            @Nullable Map<String, Object> claims) {
        static ReceiptVerification invalid(String reason) {
            return new ReceiptVerification(false, reason, null, null, null);
        }
    }

    /** Returns the receipt for an entry, signed together with its group. */
    public Receipt of(LedgerEntry entry, LedgerGroup group) {
        List<LedgerEntry> entries = group.entries();
        long first = entries.get(0).position();
        HashReader reader = leaves(entries.stream().map(LedgerEntry::leafHash).toList());
        InclusionProof path = InclusionProof.from(reader, entry.position() - first, entries.size());
        return new Receipt(
                entry.position(),
                entry.leafHash().hex(),
                entry.recordedAt(),
                path.hashes().stream().map(Hash::base64).toList(),
                signature(group));
    }

    /** Returns the signature of a group. The requests of a group come together: the first signs, the others wait. */
    private String signature(LedgerGroup group) {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> first;
        synchronized (signed) {
            first = signed.putIfAbsent(group, own);
        }
        if (first != null) {
            return first.join();
        }
        try {
            String jws = sign(group.entries());
            own.complete(jws);
            return jws;
        } catch (RuntimeException failure) {
            own.completeExceptionally(failure);
            throw failure;
        }
    }

    private String sign(List<LedgerEntry> entries) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", log.origin());
        claims.put("kind", DECLARATIONS);
        claims.put("iat", entries.get(0).recordedAt().getEpochSecond());
        claims.put("first", entries.get(0).position());
        claims.put("count", (long) entries.size());
        claims.put(
                "root",
                Frontier.empty()
                        .append(entries.stream().map(LedgerEntry::leafHash).toList())
                        .root()
                        .base64());
        return keys.sign(claims);
    }

    /**
     * Returns the receipt for a lookup, a compact JWS over the hashes of request and answer, the time, the position and
     * the checkpoint.
     *
     * @param request the request as it was sent, as a JSON tree
     * @param answer the answer without the receipt, as a JSON tree
     * @param question further claims that describe the question
     */
    public String ofLookup(Object request, Object answer, Map<String, Object> question, long position, Instant asOf)
            throws SQLException {
        return signed(LOOKUP, digest(request), digest(answer), question, position, asOf);
    }

    /**
     * Returns the receipt for a lookup of lines, a compact JWS as {@link #ofLookup} returns it.
     *
     * @param asked SHA-256 of the lines of the request
     * @param answered SHA-256 of the lines of the answer before the receipt
     * @param count number of lines of the request
     * @param question further claims that describe the question
     */
    public String ofLookupLines(
            byte[] asked, byte[] answered, long count, Map<String, Object> question, long position, Instant asOf)
            throws SQLException {
        Map<String, Object> more = new TreeMap<>(question);
        more.put("count", count);
        HexFormat hex = HexFormat.of();
        return signed(LOOKUP_LINES, hex.formatHex(asked), hex.formatHex(answered), more, position, asOf);
    }

    /**
     * Returns the record that a license request was not answered in time, a compact JWS.
     *
     * @param facts further claims that describe the request
     * @param entry the entry by which the side that waits acted last
     */
    public String ofUnanswered(Map<String, Object> facts, LedgerEntry entry) {
        Map<String, Object> claims = new TreeMap<>(facts);
        claims.put("iss", log.origin());
        claims.put("kind", UNANSWERED);
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("position", entry.position());
        claims.put("leafHash", entry.leafHash().hex());
        return keys.sign(claims);
    }

    private String signed(
            String kind, String request, String answer, Map<String, Object> question, long position, Instant asOf)
            throws SQLException {
        LogStore.Signed checkpoint = store.signed().orElseThrow();
        Map<String, Object> claims = new TreeMap<>(question);
        claims.put("iss", log.origin());
        claims.put("kind", kind);
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("request", request);
        claims.put("answer", answer);
        claims.put("position", position);
        claims.put("asOf", asOf.toString());
        claims.put("size", checkpoint.size());
        claims.put("root", checkpoint.frontier().root().base64());
        return keys.sign(claims);
    }

    /**
     * Returns the signature of a certificate of retrievability, a compact JWS over its hash.
     *
     * @param certificate the certificate without its proof and signature, as a JSON tree
     * @param first the first entry of the declaration
     */
    public String ofCertificate(Object certificate, String declaration, LedgerEntry first) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", log.origin());
        claims.put("kind", RETRIEVABILITY);
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("declaration", declaration);
        claims.put("position", first.position());
        claims.put("leafHash", first.leafHash().hex());
        claims.put("certificate", digest(certificate));
        return keys.sign(claims);
    }

    /**
     * Returns the signed statement of a grant, a compact JWS.
     *
     * @param grant the claims about the grant
     */
    public String ofGrant(Map<String, Object> grant) {
        Map<String, Object> claims = new TreeMap<>(grant);
        claims.put("iss", log.origin());
        claims.put("kind", GRANT);
        claims.put("iat", clock.instant().getEpochSecond());
        return keys.sign(claims);
    }

    /**
     * Returns the signed statement of a usage report, a compact JWS.
     *
     * @param statement the claims about the statement
     */
    public String ofStatement(Map<String, Object> statement) {
        Map<String, Object> claims = new TreeMap<>(statement);
        claims.put("iss", log.origin());
        claims.put("kind", STATEMENT);
        claims.put("iat", clock.instant().getEpochSecond());
        return keys.sign(claims);
    }

    private static String digest(Object tree) {
        return HexFormat.of().formatHex(Sha256.of(CanonicalJson.write(tree)));
    }

    /**
     * Returns true if this registry signed that receipt for a lookup with that request.
     *
     * @param request the JSON of the request as maps, lists and values
     */
    public boolean isOfLookup(String jws, Object request) throws SQLException {
        Map<String, Object> claims = keys.verified(jws).orElse(Map.of());
        try {
            return LOOKUP.equals(claims.get("kind")) && digest(request).equals(claims.get("request"));
        } catch (IllegalArgumentException notCanonical) {
            return false;
        }
    }

    /** Verifies the receipt of a lookup. */
    ReceiptVerification verify(String jws) throws SQLException {
        Map<String, Object> claims = keys.verified(jws).orElse(null);
        if (claims == null) {
            return ReceiptVerification.invalid("The signature is not by a key of this registry");
        }
        if (DECLARATIONS.equals(claims.get("kind"))) {
            return ReceiptVerification.invalid(
                    "This is only the signature of a declaration's receipt; send the whole receipt");
        }
        if (GRANT.equals(claims.get("kind"))) {
            return new ReceiptVerification(
                    true,
                    null,
                    GRANT,
                    "At the time iat, this registry had recorded the entry at this position, by which the licensor gave"
                            + " the licensee this grant; docs/formats/grant.md describes how to check the commitments and"
                            + " the proof of the log, and grants can end early",
                    claims);
        }
        if (STATEMENT.equals(claims.get("kind"))) {
            return new ReceiptVerification(
                    true,
                    null,
                    STATEMENT,
                    "At the time iat, this registry had recorded the entry at this position, which commits to this"
                            + " statement of a usage report; docs/formats/usage-report.md describes how to check it, and"
                            + " a later revision may replace it",
                    claims);
        }
        if (LOOKUP_LINES.equals(claims.get("kind"))) {
            return new ReceiptVerification(
                    true,
                    null,
                    LOOKUP_LINES,
                    "At the time iat, this registry had received lines with the SHA-256 in request, as many as count"
                            + " says, and had sent lines with the SHA-256 in answer; compute both as"
                            + " docs/formats/receipts.md describes and compare them",
                    claims);
        }
        if (RETRIEVABILITY.equals(claims.get("kind"))) {
            return new ReceiptVerification(
                    true,
                    null,
                    RETRIEVABILITY,
                    "At the time iat, this registry issued a certificate of retrievability with the SHA-256 in"
                            + " certificate; compute it as docs/formats/receipts.md describes and compare them",
                    claims);
        }
        if (UNANSWERED.equals(claims.get("kind"))) {
            return new ReceiptVerification(
                    true,
                    null,
                    UNANSWERED,
                    "The license request in request was waiting since the entry at position, and nobody answered it until"
                            + " the moment in until; the ledger has that entry, which starts the clock",
                    claims);
        }
        return new ReceiptVerification(
                true,
                null,
                LOOKUP,
                "At the time iat, this registry received a request with the SHA-256 in request and sent an answer"
                        + " with the SHA-256 in answer; compare them with the SHA-256 of your request and answer in"
                        + " canonical JSON",
                claims);
    }

    /** Verifies the receipt of a declaration. */
    ReceiptVerification verify(Receipt receipt) throws SQLException {
        if (receipt.jws() == null || receipt.path() == null) {
            return ReceiptVerification.invalid("The receipt is not signed; use the proof of the declaration instead");
        }
        Map<String, Object> claims = keys.verified(receipt.jws()).orElse(null);
        if (claims == null || !DECLARATIONS.equals(claims.get("kind"))) {
            return ReceiptVerification.invalid(
                    "The signature is not by a key of this registry, or it does not sign declarations");
        }
        try {
            Hash leaf = Hash.of(HexFormat.of().parseHex(receipt.leafHash()));
            long first = ((Number) claims.getOrDefault("first", 0L)).longValue();
            long count = ((Number) claims.getOrDefault("count", 0L)).longValue();
            List<Hash> path = new ArrayList<>();
            for (String hash : receipt.path()) {
                path.add(Hash.of(Base64.getDecoder().decode(hash)));
            }
            new InclusionProof(receipt.position() - first, count, path)
                    .verify(leaf, Hash.parse(String.valueOf(claims.get("root"))));
            List<LedgerEntry> entries = ledger.at(List.of(receipt.position()));
            if (entries.isEmpty() || !entries.get(0).leafHash().equals(leaf)) {
                return ReceiptVerification.invalid(
                        "This registry signed the receipt, but its ledger has another entry at this position; keep the"
                                + " receipt, because it is evidence against this registry");
            }
            return new ReceiptVerification(
                    true,
                    null,
                    "declaration",
                    "This registry acknowledged the entry with this leaf hash at this position, and still has it there",
                    claims);
        } catch (NotProvenException | MalformedException | IllegalArgumentException mismatch) {
            return ReceiptVerification.invalid("The receipt's leaf hash and path do not give the signed root");
        }
    }

    /** Returns a reader that computes the subtrees of a group, which is small, from its leaves. */
    private static HashReader leaves(List<Hash> leaves) {
        return subtrees -> subtrees.stream()
                .map(subtree -> {
                    List<Hash> row = leaves.subList((int) subtree.start(), (int) subtree.end());
                    return Frontier.empty().append(row).root();
                })
                .toList();
    }
}
