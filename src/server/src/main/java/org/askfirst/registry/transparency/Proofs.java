package org.askfirst.registry.transparency;

import com.fasterxml.jackson.annotation.JsonRawValue;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.InclusionProof;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.TlogProof;

/** Creates proofs that entries are in the log. */
@ApplicationScoped
public class Proofs {
    private final LogStore store;
    private final LogPublisher publisher;

    Proofs(LogStore store, LogPublisher publisher) {
        this.store = store;
        this.publisher = publisher;
    }

    /** {@code InclusionProof}. */
    public record EntryProof(
            long position,
            String leafHash,
            @JsonRawValue String entry,
            long index,
            long size,
            List<String> hashes,
            String checkpoint) {}

    /**
     * Returns the proof that the entry is in the tree of the latest checkpoint.
     *
     * @throws org.askfirst.problem.ProblemException {@code UNAVAILABLE} if no checkpoint covers the entry within 5
     *     seconds
     */
    public EntryProof of(LedgerEntry entry) throws SQLException {
        LogStore.Signed signed = publisher.covering(entry.position());
        InclusionProof proof = inclusion(entry, signed);
        return new EntryProof(
                entry.position(),
                entry.leafHash().hex(),
                entry.canonical(),
                proof.index(),
                proof.size(),
                proof.hashes().stream().map(Hash::base64).toList(),
                signed.checkpoint());
    }

    /** Returns the same proof as a C2SP {@code tlog-proof}. */
    public String text(LedgerEntry entry) throws SQLException {
        LogStore.Signed signed = publisher.covering(entry.position());
        try {
            return TlogProof.of(inclusion(entry, signed), SignedNote.parse(signed.checkpoint()))
                    .toString();
        } catch (MalformedException impossible) {
            throw new IllegalStateException("this registry wrote the checkpoint, so it is well-formed", impossible);
        }
    }

    private InclusionProof inclusion(LedgerEntry entry, LogStore.Signed signed) {
        return InclusionProof.from(store, entry.position() - 1, signed.size());
    }
}
