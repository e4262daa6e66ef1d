package org.askfirst.registry.statement;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.askfirst.entry.Content;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;

/**
 * A declaration as it stands.
 *
 * @param declaredAt position of its first entry
 * @param latest its latest entry; of a withdrawn one, the withdrawal
 * @param content what it says, or said last before it was withdrawn
 */
public record DeclarationState(
        DeclarationId id, PartyId party, long declaredAt, boolean withdrawn, LedgerEntry latest, Content content) {
    /** Where it stands in its life. */
    public enum Status {
        IN_FORCE("in-force"),
        NOT_YET("scheduled"),
        ENDED("expired"),
        WITHDRAWN("withdrawn");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        /** The one of that name in the contract. */
        public static Optional<Status> named(String wireName) {
            return Arrays.stream(values())
                    .filter(status -> status.wireName.equals(wireName))
                    .findFirst();
        }

        /** Its name in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    /** Where it stands at that moment. */
    public Status statusAt(Instant moment) {
        if (withdrawn) {
            return Status.WITHDRAWN;
        }
        if (content.period().contains(moment)) {
            return Status.IN_FORCE;
        }
        Instant from = content.period().from();
        return from != null && moment.isBefore(from) ? Status.NOT_YET : Status.ENDED;
    }
}
