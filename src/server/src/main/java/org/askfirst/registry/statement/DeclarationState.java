package org.askfirst.registry.statement;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.askfirst.entry.Content;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.verdict.Period;

/**
 * The state of a declaration after one of its entries.
 *
 * @param party that made the declaration
 * @param declaredAt position of its first entry
 * @param latest its latest entry; if the declaration is withdrawn, the withdrawal
 * @param content its content; if the declaration is withdrawn, the last content before the withdrawal
 */
public record DeclarationState(
        DeclarationId id, PartyId party, long declaredAt, boolean withdrawn, LedgerEntry latest, Content content) {
    /** Statuses of a declaration at one moment. */
    public enum Status {
        IN_FORCE("in-force"),
        SCHEDULED("scheduled"),
        EXPIRED("expired"),
        WITHDRAWN("withdrawn");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the status with this name in the contract; empty if there is none. */
        public static Optional<Status> named(String wireName) {
            return Arrays.stream(values())
                    .filter(status -> status.wireName.equals(wireName))
                    .findFirst();
        }

        /** Returns the status of a declaration at {@code moment}. */
        static Status of(boolean withdrawn, Period period, Instant moment) {
            if (withdrawn) {
                return WITHDRAWN;
            }
            if (period.contains(moment)) {
                return IN_FORCE;
            }
            Instant from = period.from();
            return from != null && moment.isBefore(from) ? SCHEDULED : EXPIRED;
        }

        /** Returns the name of the status in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    /** Returns the status of the declaration at {@code moment}. */
    public Status statusAt(Instant moment) {
        return Status.of(withdrawn, content.period(), moment);
    }
}
