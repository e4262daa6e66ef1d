package org.askfirst.registry.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** The operator's decisions about what a party states: set aside for named subjects, or upheld. */
@ApplicationScoped
public class DisputeDecisions {
    private static final int DAYS_TO_APPEAL = 7;
    private static final int MAX_REASON = 2000;
    private static final int ID_LENGTH = 28;
    private static final String UPHELD = "upheld";
    private static final List<String> OUTCOMES = List.of("set-aside", UPHELD);

    private final Ledger ledger;
    private final LedgerStore entries;
    private final Disputes disputes;
    private final Rights rights;
    private final DeclarationHistory declarations;
    private final Notices notices;
    private final IdSource ids;

    DisputeDecisions(
            Ledger ledger,
            LedgerStore entries,
            Disputes disputes,
            Rights rights,
            DeclarationHistory declarations,
            Notices notices,
            IdSource ids) {
        this.ledger = ledger;
        this.entries = entries;
        this.disputes = disputes;
        this.rights = rights;
        this.declarations = declarations;
        this.notices = notices;
        this.ids = ids;
    }

    /**
     * {@code DisputeDecisionRequest}.
     *
     * @param dispute the dispute that is decided; null if there was none
     * @param declaration the declaration that the decision is about; null if {@code dispute} is not
     * @param subjects what the decision is about; empty for all subjects of the dispute or of the declaration
     */
    public record DecisionRequest(
            @Nullable String dispute,
            @Nullable DeclarationId declaration,
            List<Subject> subjects,
            boolean upholds,
            String reason) {
        /** Reads the request of an arbiter, about the dispute in its path. */
        static DecisionRequest ofArbiter(String dispute, JsonNode body) {
            Members members = Members.of(body, "subjects", "outcome", "reason");
            List<Subject> subjects = members.parsedList("subjects", Rejections.MAX_SUBJECTS, Subject::parse);
            members.require("outcome", OUTCOMES);
            String outcome = members.optionalChoice("outcome", OUTCOMES);
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new DecisionRequest(dispute, null, subjects, UPHELD.equals(outcome), Objects.requireNonNull(reason));
        }

        /** Reads a request strictly. */
        public static DecisionRequest parse(JsonNode body) {
            Members members = Members.of(body, "dispute", "declaration", "subjects", "outcome", "reason");
            String dispute = members.optionalText("dispute", ID_LENGTH);
            String text = members.optionalText("declaration", ID_LENGTH);
            DeclarationId declaration =
                    text == null ? null : DeclarationId.parse(text).orElse(null);
            if (text != null && declaration == null) {
                members.refuse("declaration", Reason.MALFORMED, "give the id of a declaration: d_ and 26 characters");
            } else if ((dispute == null) == (text == null)) {
                members.refuse(
                        "declaration",
                        dispute == null ? Reason.MISSING : Reason.CONFLICT,
                        "name either a dispute or a declaration");
            }
            List<Subject> subjects = members.parsedList("subjects", Rejections.MAX_SUBJECTS, Subject::parse);
            members.require("outcome", OUTCOMES);
            String outcome = members.optionalChoice("outcome", OUTCOMES);
            if (dispute == null && text != null && UPHELD.equals(outcome)) {
                members.refuse("outcome", Reason.CONFLICT, "without a dispute there is nothing to uphold");
            }
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new DecisionRequest(
                    dispute, declaration, subjects, UPHELD.equals(outcome), Objects.requireNonNull(reason));
        }
    }

    /** {@code DisputeDecision}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DecisionView(
            String dispute, String party, String outcome, List<String> subjects, long position, Instant recordedAt) {}

    /** Records the operator's decision and tells both sides. */
    public DecisionView decide(Authority operator, DecisionRequest request) throws SQLException {
        return decide(operator, null, request);
    }

    /** Records the decision of an arbiter about the dispute, and tells both sides. */
    DecisionView decide(Caller arbiter, DecisionRequest request) throws SQLException {
        if (rights.isSuspended(arbiter.party())) {
            throw Problem.FORBIDDEN.because("A suspended party cannot decide");
        }
        return decide(arbiter.authority(), arbiter.party(), request);
    }

    private DecisionView decide(Authority authority, @Nullable PartyId by, DecisionRequest request)
            throws SQLException {
        Disputes.Dispute before = request.dispute() == null ? null : disputes.find(request.dispute());
        DisputeId id = before == null ? new DisputeId(ids.next()) : before.id();
        DeclarationState declaration = before == null ? declaration(request.declaration()) : null;
        PartyId party = before == null ? Objects.requireNonNull(declaration).party() : before.respondent();
        List<Subject> about = request.subjects();
        if (about.isEmpty()) {
            about = before == null
                    ? Objects.requireNonNull(declaration).content().subjects()
                    : before.subjects();
        } else if (before != null && !before.subjects().containsAll(about)) {
            throw Problem.INVALID_REQUEST.at("/subjects", Reason.CONFLICT, "the dispute is not about all of these");
        }
        requireOwnKeys(about);
        boolean endsControl = before != null && before.isAboutControl() && !request.upholds();
        List<Subject> setAside = request.upholds() || endsControl ? List.of() : about;
        boolean canAppeal = before != null && before.kind() == Disputes.Kind.DISPUTE && !before.appealed();
        Integer days = canAppeal ? DAYS_TO_APPEAL : null;
        Proposal.Outcome outcome = Ledger.await(ledger.propose(Proposal.confidential(
                Confidential.ofReason(request.reason(), authority.operators()),
                authority,
                commitment ->
                        new DisputeEntry.DisputeDecided(id, party, setAside, endsControl, by, days, commitment))));
        if (endsControl) {
            revoke(authority, party, about.get(0), request.reason());
        }
        LedgerEntry entry = entries.at(List.of(outcome.position())).get(0);
        notices.add(party, entry.recordedAt(), Notices.Kind.DISPUTE_DECIDED, id.toString(), null);
        PartyId challenger = before == null ? null : before.challenger();
        if (challenger != null) {
            notices.add(challenger, entry.recordedAt(), Notices.Kind.DISPUTE_DECIDED, id.toString(), null);
        }
        return new DecisionView(
                id.toString(),
                party.toString(),
                request.upholds() ? UPHELD : "set-aside",
                (endsControl ? about : setAside)
                        .stream().map(Subject::canonical).toList(),
                entry.position(),
                entry.recordedAt());
    }

    /** Ends the proof of control, if it is still in force. Deciding again repeats this after a crash in between. */
    private void revoke(Authority operator, PartyId party, Subject subject, String reason) {
        try {
            Ledger.await(ledger.propose(Proposal.confidential(
                    Confidential.ofReason(reason),
                    operator,
                    commitment -> new ControlEntry.ControlRevoked(party, subject, commitment))));
        } catch (ProblemException refused) {
            if (refused.problem() != Problem.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private DeclarationState declaration(@Nullable DeclarationId id) throws SQLException {
        return declarations
                .declaration(Objects.requireNonNull(id))
                .orElseThrow(() -> unusable("/declaration", "there is no such declaration"));
    }

    private static void requireOwnKeys(List<Subject> subjects) {
        if (subjects.isEmpty()) {
            throw unusable("/subjects", "this is a list of works; name the works that the decision is about");
        }
        Set<SubjectKey> taken = new HashSet<>();
        for (int i = 0; i < subjects.size(); i++) {
            for (Subject as : subjects.get(i).indexedAs()) {
                if (!taken.add(as.key())) {
                    throw Problem.INVALID_REQUEST.at(
                            "/subjects",
                            Reason.DUPLICATE,
                            subjects.get(i).canonical() + " is another spelling of one before; decide it by itself");
                }
            }
        }
    }

    private static ProblemException unusable(String pointer, String fault) {
        return Problem.INVALID_REQUEST.at(pointer, Reason.UNKNOWN_VALUE, fault);
    }
}
