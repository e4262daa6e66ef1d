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
    private static final String LOOKUP = "lookup";

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
     * @param kind {@code lookup} or {@code declaration}; null if the receipt is not valid
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
     */
    public String ofLookup(Object request, Object answer, long position, Instant asOf) throws SQLException {
        LogStore.Signed checkpoint = store.signed().orElseThrow();
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", log.origin());
        claims.put("kind", LOOKUP);
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("request", digest(request));
        claims.put("answer", digest(answer));
        claims.put("position", position);
        claims.put("asOf", asOf.toString());
        claims.put("size", checkpoint.size());
        claims.put("root", checkpoint.frontier().root().base64());
        return keys.sign(claims);
    }

    private static String digest(Object tree) {
        return HexFormat.of().formatHex(Sha256.of(CanonicalJson.write(tree)));
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
