package org.askfirst.registry.licensing;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.licensing.LicenseRequests.LicenseRequest;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** License requests for one work, for a protocol that names one work in a call. */
@ApplicationScoped
public class SingleWorkRequests {
    private final Licensing licensing;
    private final LicenseRequests requests;
    private final Clock clock;

    SingleWorkRequests(Licensing licensing, LicenseRequests requests, Clock clock) {
        this.licensing = licensing;
        this.requests = requests;
        this.clock = clock;
    }

    /** How far a request is. */
    public enum State {
        /** The licensor is to act. */
        WAITING,
        /** The licensor proposed other terms, and the asker is to act. */
        COUNTERED,
        /** Both sides accepted the same terms. */
        AGREED,
        /** It was refused or withdrawn, or nobody answered. */
        ENDED
    }

    /**
     * A request as its asker sees it.
     *
     * @param grant the grant that follows from the agreement; null if none is given yet
     * @param status the status in the contract
     * @param until the moment at which the time of the side to act ends; null if none runs
     */
    public record Progress(
            LicenseRequestId id,
            State state,
            String status,
            @Nullable GrantId grant,
            @Nullable Instant until) {}

    /**
     * Asks the licensors of a work.
     *
     * @param address the address of the asker, for budgets
     * @param offers the offers that the asker accepts
     * @return the requests, one for each licensor
     * @throws ProblemException as {@link Licensing#ask}
     */
    public List<LicenseRequestId> ask(
            PartyId asker, String address, Subject work, LicenseTerms terms, List<OfferId> offers, String purpose)
            throws SQLException {
        LicenseDraft draft = new LicenseDraft(
                List.of(new LicenseDraft.Item("0", List.of(work), null)), terms, offers, purpose, null);
        return licensing.ask(asker, address, draft, Licensing.DAYS).made();
    }

    /** Returns how far a request of the asker is; empty if it has no such request. */
    public Optional<Progress> progress(LicenseRequestId id, PartyId asker) throws SQLException {
        return requests.find(id, asker).filter(one -> one.asker().equals(asker)).map(this::progress);
    }

    private Progress progress(LicenseRequest request) {
        LicenseRequests.Status status = request.statusAt(clock.instant());
        State state = switch (status) {
            case WAITING, COUNTERED ->
                request.sideToAct() == LicenseRequests.Side.LICENSOR ? State.WAITING : State.COUNTERED;
            case GRANTED -> State.AGREED;
            case REFUSED, WITHDRAWN, UNANSWERED -> State.ENDED;
        };
        String grant = request.grant();
        return new Progress(
                request.id(),
                state,
                status.wireName(),
                grant == null ? null : GrantId.parse(grant).orElse(null),
                request.endsAt());
    }
}
