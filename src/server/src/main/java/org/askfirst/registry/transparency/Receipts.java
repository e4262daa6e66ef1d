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
 * Issues receipts, and tells of any receipt whether it is ours and what it proves.
 *
 * <p>A signature costs as much as dozens of declarations, so a group is signed once: the root of the Merkle tree
 * over its leaf hashes, to which each receipt has its path.
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

    /** One signature for each group, made or being made, as long as somebody holds the group. */
    private final Map<LedgerGroup, CompletableFuture<String>> signed = new WeakHashMap<>();

    Receipts(ReceiptKeys keys, LogKeys log, LogStore store, LedgerStore ledger, Clock clock) {
        this.keys = keys;
        this.log = log;
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * {@code ReceiptFinding}.
     *
     * @param reason why it is not valid; null if it is
     */
    public record ReceiptVerification(
            boolean valid,
            @Nullable String reason,
            @Nullable String kind,
            @Nullable String proves,
            @Nullable Map<String, Object> claims) {
        static ReceiptVerification no(String reason) {
            return new ReceiptVerification(false, reason, null, null, null);
        }
    }

    /** The receipt for an entry, signed with the group it was recorded in. */
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

    /** All of a group come at once, when it is durable: the first signs, the others wait for it. */
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
     * The receipt for a lookup: what was asked and answered, when, and at which position and checkpoint.
     *
     * @param request as it was sent, as a tree of JSON
     * @param answer as it is sent, without the receipt, as a tree of JSON
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

    /** What a lookup's receipt proves. */
    ReceiptVerification verify(String jws) throws SQLException {
        Map<String, Object> claims = keys.verified(jws).orElse(null);
        if (claims == null) {
            return ReceiptVerification.no("The signature is of no key of this registry");
        }
        if (DECLARATIONS.equals(claims.get("kind"))) {
            return ReceiptVerification.no("This is the signature of a declaration's receipt; send the whole receipt");
        }
        return new ReceiptVerification(
                true,
                null,
                LOOKUP,
                "At that time this registry was asked a request with that SHA-256 and answered with that SHA-256;"
                        + " hash the canonical JSON of what you kept and compare",
                claims);
    }

    /** What a declaration's receipt proves. */
    ReceiptVerification verify(Receipt receipt) throws SQLException {
        if (receipt.jws() == null || receipt.path() == null) {
            return ReceiptVerification.no("The receipt is not signed; the declaration's proof says more");
        }
        Map<String, Object> claims = keys.verified(receipt.jws()).orElse(null);
        if (claims == null || !DECLARATIONS.equals(claims.get("kind"))) {
            return ReceiptVerification.no("The signature is of no key of this registry, or not over declarations");
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
                return ReceiptVerification.no(
                        "This registry signed the receipt, and its ledger does not have that entry at that"
                                + " position: keep the receipt, it is evidence against this registry");
            }
            return new ReceiptVerification(
                    true,
                    null,
                    "declaration",
                    "This registry acknowledged the entry with that leaf hash at that position, and has it there still",
                    claims);
        } catch (NotProvenException | MalformedException | IllegalArgumentException mismatch) {
            return ReceiptVerification.no("The receipt's hash and path do not lead to the root that was signed");
        }
    }

    /** Subtrees of a group, which is small, from its leaves. */
    private static HashReader leaves(List<Hash> leaves) {
        return subtrees -> subtrees.stream()
                .map(subtree -> {
                    List<Hash> row = leaves.subList((int) subtree.start(), (int) subtree.end());
                    return Frontier.empty().append(row).root();
                })
                .toList();
    }
}
