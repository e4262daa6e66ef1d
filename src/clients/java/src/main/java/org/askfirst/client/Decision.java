package org.askfirst.client;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The answer about one work. Only {@link #allowed} is permission. A decision that is not {@link #isAnswer} says that
 * nothing could be learned: do not keep it, and ask again.
 *
 * @param verdict the most cautious verdict over the asked uses; unknown if nothing could be learned
 * @param uses the verdict for each asked use and each use below it; empty if nothing could be learned
 * @param reason why the verdict is this one
 * @param matched the declared subject that decides; null if none does
 * @param position the position of the ledger that was asked; 0 if nothing could be learned
 * @param checkedAt the moment for which it is true
 * @param blockedBy the parties whose statements withhold the permission; none if there is none, or if nobody tells them
 */
public record Decision(
        Verdict verdict,
        Map<Use, Verdict> uses,
        Reason reason,
        @Nullable String matched,
        long position,
        Instant checkedAt,
        List<PartyId> blockedBy) {

    /** Why a verdict is what it is. */
    public enum Reason {
        /** A declaration decides. */
        DECLARED,
        /** Nothing is declared, or nothing that counts. That is no permission. */
        NOTHING_DECLARED,
        /** The subject cannot be read. */
        UNREADABLE,
        /** The snapshot has expired. */
        EXPIRED,
        /** The registry did not answer, or refused. */
        UNREACHABLE;

        /** Returns the name as it is written to files, such as {@code nothing-declared}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Decision {
        uses = Map.copyOf(uses);
        blockedBy = List.copyOf(blockedBy);
    }

    /** Creates a decision that names no party. */
    public Decision(
            Verdict verdict,
            Map<Use, Verdict> uses,
            Reason reason,
            @Nullable String matched,
            long position,
            Instant checkedAt) {
        this(verdict, uses, reason, matched, position, checkedAt, List.of());
    }

    /** Returns a decision of a client that could learn nothing. */
    static Decision nothing(Reason reason, Instant checkedAt) {
        return new Decision(Verdict.UNKNOWN, Map.of(), reason, null, 0, checkedAt);
    }

    /** Returns true if the work may be used. */
    public boolean allowed() {
        return verdict == Verdict.ALLOW;
    }

    /** Returns the word for files: the verdict, or {@code unreachable} if nothing could be learned. */
    public String word() {
        return reason == Reason.EXPIRED || reason == Reason.UNREACHABLE ? "unreachable" : verdict.wireName();
    }

    /** Returns true if the registry or its snapshot gave the answer. */
    public boolean isAnswer() {
        return reason == Reason.DECLARED || reason == Reason.NOTHING_DECLARED;
    }
}
