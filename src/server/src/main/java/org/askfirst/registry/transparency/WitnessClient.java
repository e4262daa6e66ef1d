package org.askfirst.registry.transparency;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.askfirst.tlog.AddCheckpoint;
import org.askfirst.tlog.ConsistencyProof;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.HashReader;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.NoteSignature;
import org.askfirst.tlog.SignedNote;
import org.jboss.logging.Logger;

/** Asks one witness for cosignatures (C2SP tlog-witness), one request at a time. */
final class WitnessClient {
    private static final Logger LOG = Logger.getLogger(WitnessClient.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_ANSWER = 1 << 16;
    private static final int ATTEMPTS = 3;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int NOT_CONSISTENT = 422;

    private final Witnesses.Witness witness;
    private final HttpClient http;

    /** The size of the last tree that the witness has cosigned, as far as we know. */
    private long known;

    WitnessClient(Witnesses.Witness witness, HttpClient http) {
        this.witness = witness;
        this.http = http;
    }

    /** The ways in which a request ends. */
    enum Outcome {
        COSIGNED,
        /** The witness refuses the checkpoint. */
        REFUSED,
        /** The witness does not answer, or not as C2SP describes. */
        UNANSWERED
    }

    /**
     * The answer of a witness.
     *
     * @param signatures one signature of the witness, verified; empty unless it has cosigned
     */
    record Answer(Outcome outcome, List<NoteSignature> signatures) {
        static Answer without(Outcome outcome) {
            return new Answer(outcome, List.of());
        }
    }

    Witnesses.Witness witness() {
        return witness;
    }

    /**
     * Asks for a cosignature.
     *
     * @param checkpoint signed by the log
     * @param size the size of its tree
     * @param hashes reads the log's tree
     */
    synchronized Answer cosign(SignedNote checkpoint, long size, HashReader hashes) throws InterruptedException {
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                if (known > size) {
                    // Another node asked for a newer checkpoint, which this node will see too.
                    return Answer.without(Outcome.UNANSWERED);
                }
                HttpResponse<InputStream> response =
                        send(new AddCheckpoint(known, proof(known, size, hashes), checkpoint));
                byte[] body;
                try (InputStream in = response.body()) {
                    body = in.readNBytes(MAX_ANSWER);
                }
                if (response.statusCode() == OK) {
                    known = size;
                    // One signature of each witness: a note has room for a hundred, and each witness could send as
                    // many.
                    return new Answer(
                            Outcome.COSIGNED,
                            checkpoint.signaturesOf(witness.verifier(), body).subList(0, 1));
                }
                if (response.statusCode() != CONFLICT) {
                    return refused(response.statusCode(), size);
                }
                known = AddCheckpoint.size(body);
            }
        } catch (IOException | MalformedException | NotProvenException failure) {
            LOG.warnf("The witness %s gave no cosignature: %s", witness.name(), failure.toString());
        }
        return Answer.without(Outcome.UNANSWERED);
    }

    private Answer refused(int status, long size) {
        if (status == NOT_CONSISTENT) {
            LOG.errorf(
                    "The witness %s says that the checkpoint of size %d does not continue the one of size %d",
                    witness.name(), size, known);
        } else {
            LOG.warnf("The witness %s refuses a checkpoint with the status %d", witness.name(), status);
        }
        return Answer.without(Outcome.REFUSED);
    }

    private static List<Hash> proof(long from, long size, HashReader hashes) {
        return from == 0 || from == size
                ? List.of()
                : ConsistencyProof.from(hashes, from, size).hashes();
    }

    private HttpResponse<InputStream> send(AddCheckpoint request) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(witness.submission())
                        .timeout(PATIENCE)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofString(request.toString(), StandardCharsets.UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }
}
