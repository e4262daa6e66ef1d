package org.askfirst.registry.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import org.askfirst.entry.ControlEntry;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.subject.Subject;

/** The shapes of proofs of control in the contract. */
public final class ControlViews {
    private static final int MAX_REASON = 2000;

    private ControlViews() {}

    /** {@code ControlRequest}. */
    public record ControlRequest(PartyId party, Subject subject, String reason) {
        public static ControlRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "subject", "reason");
            PartyId party = PartyViews.partyOf(members, "party");
            Subject subject = members.parsed("subject", declared -> {
                Subject parsed = Subject.parse(declared);
                parsed.requireDeclarable();
                return parsed;
            });
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new ControlRequest(
                    Objects.requireNonNull(party), Objects.requireNonNull(subject), Objects.requireNonNull(reason));
        }
    }

    /** {@code ControlRevocation}. */
    public record ControlRevocationView(String party, String subject, long position, Instant recordedAt) {}

    /** {@code Control}. */
    public record ControlView(String party, String subject, String method, long position, Instant recordedAt) {
        public static ControlView of(Controls.ControlRecord control) {
            return new ControlView(
                    control.party().toString(),
                    control.subject(),
                    control.method().wireName(),
                    control.position(),
                    control.recordedAt());
        }

        /** Returns the proof that the entry records. */
        public static ControlView of(LedgerEntry entry) {
            ControlEntry.ControlProved proved = (ControlEntry.ControlProved) entry.entry();
            return new ControlView(
                    proved.party().toString(),
                    proved.subject().canonical(),
                    proved.method().wireName(),
                    entry.position(),
                    entry.recordedAt());
        }
    }
}
