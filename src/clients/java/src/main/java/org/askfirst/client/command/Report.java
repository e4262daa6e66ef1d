package org.askfirst.client.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.client.Decision;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** Counts the answers of a check: by verdict, by reason, and by the party whose statement blocked the work. */
final class Report {
    private static final int FORMAT = 1;
    private static final String NAME = "askfirst-report";
    private static final int MAX_BYTES = 16 << 20;

    /** The parties that blocked most are listed; the others are counted. */
    private static final int MAX_PARTIES = 10_000;

    private final Map<String, Long> verdicts = new TreeMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Map<String, Long> answers = new TreeMap<>();
    private final Map<PartyId, Long> blockedBy = new HashMap<>();
    private long works;
    private long firstPosition;
    private long lastPosition;
    private @Nullable Instant firstCheckedAt;
    private @Nullable Instant lastCheckedAt;

    /** Counts the answer about one more work. */
    void add(Decision decision) {
        works++;
        verdicts.merge(decision.word(), 1L, Long::sum);
        reasons.merge(decision.reason().wireName(), 1L, Long::sum);
        answers.merge(decision.word() + " (" + decision.reason().wireName() + ")", 1L, Long::sum);
        decision.blockedBy().forEach(party -> blockedBy.merge(party, 1L, Long::sum));
        if (decision.isAnswer()) {
            firstPosition = firstPosition == 0 ? decision.position() : Math.min(firstPosition, decision.position());
            lastPosition = Math.max(lastPosition, decision.position());
        }
        Instant moment = decision.checkedAt();
        firstCheckedAt = firstCheckedAt == null || moment.isBefore(firstCheckedAt) ? moment : firstCheckedAt;
        lastCheckedAt = lastCheckedAt == null || moment.isAfter(lastCheckedAt) ? moment : lastCheckedAt;
    }

    /** Returns the number of works. */
    long works() {
        return works;
    }

    /** Returns how many works have which verdict for which reason. */
    Map<String, Long> answers() {
        return answers;
    }

    private Map<String, Object> tree(Collection<Use> uses, String asked) {
        List<Map.Entry<PartyId, Long>> parties = new ArrayList<>(blockedBy.entrySet());
        parties.sort(Map.Entry.<PartyId, Long>comparingByValue()
                .reversed()
                .thenComparing(one -> one.getKey().toString()));
        List<Object> listed = new ArrayList<>();
        for (Map.Entry<PartyId, Long> one : parties.subList(0, Math.min(MAX_PARTIES, parties.size()))) {
            listed.add(Map.of("party", one.getKey().toString(), "works", one.getValue()));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("client", Snapshot.VERSION);
        tree.put("asked", asked);
        tree.put("uses", uses.stream().map(Use::wireName).sorted().toList());
        tree.put("works", works);
        tree.put("verdicts", verdicts);
        tree.put("reasons", reasons);
        tree.put("blockedBy", listed);
        tree.put("otherParties", parties.size() - listed.size());
        tree.put("firstPosition", firstPosition);
        tree.put("lastPosition", lastPosition);
        tree.put("firstCheckedAt", String.valueOf(firstCheckedAt));
        tree.put("lastCheckedAt", String.valueOf(lastCheckedAt));
        return tree;
    }

    /**
     * Writes the report in canonical JSON, with a note about its hash if there is a key.
     *
     * @param asked the name of the log, or the address of the registry, that was asked
     * @param signer the asker's key; null for a report without a signature
     */
    void write(Path file, Collection<Use> uses, String asked, @Nullable Ed25519Signer signer) throws IOException {
        Map<String, Object> report = tree(uses, asked);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("report", report);
        if (signer != null) {
            whole.put("note", SignedNote.sign(text(report), List.of(signer)).toString());
        }
        Files.writeString(file, CanonicalJson.write(whole) + "\n");
    }

    /**
     * Reads a report.
     *
     * @param key the asker's verifier key
     * @return the report, as the asker signed it
     * @throws RefusedException if the key did not sign it
     */
    static Map<?, ?> verified(Path file, String key) throws IOException, RefusedException {
        if (Files.size(file) > MAX_BYTES) {
            throw new RefusedException(Refusal.UNSUPPORTED, "the report is too long");
        }
        try {
            Map<?, ?> whole = CanonicalJson.parseObject(Files.readString(file));
            if (!(whole.get("report") instanceof Map<?, ?> report) || !(whole.get("note") instanceof String note)) {
                throw new RefusedException(Refusal.BAD_SIGNATURE, "the report is not signed");
            }
            SignedNote signed = SignedNote.parse(note);
            signed.verify(List.of(Ed25519Verifier.parse(key.strip())));
            if (!signed.text().equals(text(report))) {
                throw new RefusedException(Refusal.BAD_SIGNATURE, "the signature is about another report");
            }
            return report;
        } catch (IllegalArgumentException | MalformedException | NotProvenException wrong) {
            throw new RefusedException(Refusal.BAD_SIGNATURE, String.valueOf(wrong.getMessage()));
        }
    }

    /** Returns the text that is signed: the name of the format, and the hash of the report in canonical JSON. */
    private static String text(Map<?, ?> report) {
        try {
            byte[] json = CanonicalJson.write(report).getBytes(StandardCharsets.UTF_8);
            return NAME + "\n"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(json)) + "\n";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    /**
     * Reads the asker's key.
     *
     * @param file a private Ed25519 key in PEM (PKCS #8), as {@code openssl genpkey -algorithm ed25519} writes it
     * @throws IOException if it is none
     */
    static Ed25519Signer signer(Path file) throws IOException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        try {
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]*-----", ""));
            PrivateKey secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(key));
            return Ed25519Signer.of(NAME, secret);
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new IOException(file + " is no Ed25519 key; openssl genpkey -algorithm ed25519 makes one", wrong);
        }
    }
}
