package org.askfirst.registry.transparency;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.measure.Measures;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.InclusionProof;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.TlogProof;
import org.jspecify.annotations.Nullable;

/** Creates proofs that entries are in the log. */
@ApplicationScoped
public class Proofs {
    private final LogStore store;
    private final LogPublisher publisher;
    private final Measures measures;

    Proofs(LogStore store, LogPublisher publisher, Measures measures) {
        this.measures = measures;
        this.store = store;
        this.publisher = publisher;
    }

    /** {@code InclusionProof}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EntryProof(
            long position,
            String leafHash,
            @JsonRawValue String entry,
            @Nullable Boolean withheld,
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
        LogStore.Published signed = publisher.covering(entry.position());
        InclusionProof proof = inclusion(entry, signed);
        Measures.ShownText shown = measures.shown(entry);
        return new EntryProof(
                entry.position(),
                entry.leafHash().hex(),
                shown.text(),
                shown.withheld(),
                proof.index(),
                proof.size(),
                proof.hashes().stream().map(Hash::base64).toList(),
                signed.note());
    }

    /** Returns the same proof as a C2SP {@code tlog-proof}. */
    public String text(LedgerEntry entry) throws SQLException {
        LogStore.Published signed = publisher.covering(entry.position());
        try {
            return TlogProof.of(inclusion(entry, signed), SignedNote.parse(signed.note()))
                    .toString();
        } catch (MalformedException impossible) {
            throw new IllegalStateException("this registry wrote the checkpoint, so it is well-formed", impossible);
        }
    }

    private InclusionProof inclusion(LedgerEntry entry, LogStore.Published signed) {
        return InclusionProof.from(store, entry.position() - 1, signed.size());
    }
}
