package org.askfirst.verdict;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The fact that one party contests what another party states about a subject, or that the operator set it aside. It
 * reaches all statements of that party about the subject and about everything that the subject contains, later ones
 * included. Only the permissions that an unanswered dispute ends are those from before its position.
 *
 * @param kind the kind, which decides the effect on a statement ({@link Contests})
 * @param respondent the party whose statements are contested
 * @param challenger the party that contests them; null if the operator set them aside
 * @param position the position of the entry
 * @param endsAt the moment at which the respondent's time ends; null if no time runs for the respondent
 * @param lapsesAt the moment at which the contest ends without effect; null if no such time runs
 */
public record Contest(
        Kind kind,
        PartyId respondent,
        @Nullable PartyId challenger,
        long position,
        @Nullable Instant endsAt,
        @Nullable Instant lapsesAt) {
    /** The kinds of contest. The numbers are those of index files. */
    public enum Kind {
        /**
         * A party whose right to the subject is evidenced rejects statements without evidence. It has an effect only
         * while the challenger's right is evidenced, and never on a statement with evidence.
         */
        REJECTED("rejected", 0),
        /** A dispute that nobody has decided. It concerns statements with evidence as well. */
        DISPUTED("disputed", 1),
        /** The operator, or an arbiter, decided against the statements. */
        SET_ASIDE("set-aside", 2);

        private final String wireName;
        private final int number;

        Kind(String wireName, int number) {
            this.wireName = wireName;
            this.number = number;
        }

        /** Returns the name in the contract. */
        public String wireName() {
            return wireName;
        }

        /** Returns the number in tables and index files. */
        public int number() {
            return number;
        }

        /** Returns the kind with that name; empty if there is none. */
        public static Optional<Kind> named(String wireName) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName.equals(wireName))
                    .findFirst();
        }

        /** Returns the kind with that number; empty if there is none. */
        public static Optional<Kind> numbered(int number) {
            return Arrays.stream(values()).filter(kind -> kind.number == number).findFirst();
        }
    }
}
