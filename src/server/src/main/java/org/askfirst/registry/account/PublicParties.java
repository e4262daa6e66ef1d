package org.askfirst.registry.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyRow;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.registry.trust.Vouching;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Trust;
import org.jspecify.annotations.Nullable;

/** Reads what everybody may see of a party without a contact. */
@ApplicationScoped
public class PublicParties {
    /** Number of proofs and of bodies that everybody sees. */
    private static final int MOST_SHOWN = 20;

    /** Number of declarations that are counted, so that nobody lets the registry count millions. */
    private static final int MOST_COUNTED = 100_000;

    private final Parties parties;
    private final Controls controls;
    private final PartyStates states;
    private final Vouching vouching;
    private final StatementStore statements;
    private final Measures measures;

    PublicParties(
            Parties parties,
            Controls controls,
            PartyStates states,
            Vouching vouching,
            StatementStore statements,
            Measures measures) {
        this.parties = parties;
        this.controls = controls;
        this.states = states;
        this.vouching = vouching;
        this.statements = statements;
        this.measures = measures;
    }

    /**
     * The facts about a party.
     *
     * @param name null if it was erased or is hidden
     * @param status {@code open}, {@code suspended} or {@code closed}
     * @param declarationCount the number of declarations that are not withdrawn, and 100,000 for more
     * @param proved the subjects that it has proved control of, at most 20
     * @param vouchedBy the bodies that vouch for it, at most 20
     */
    public record Facts(
            @Nullable String name,
            String kind,
            Trust trust,
            String status,
            Instant openedAt,
            long declarationCount,
            List<ProvedSubject> proved,
            List<VouchingBody> vouchedBy) {}

    /** {@code ProvedSubject}. */
    public record ProvedSubject(String subject, Instant since) {}

    /**
     * {@code VouchingBody}.
     *
     * @param name null if the body is closed
     * @param since null if the registry did not record an acceptance
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VouchingBody(
            String body, @Nullable String name, @Nullable Instant since) {}

    /** Returns the facts; empty if there is no such party. */
    public Optional<Facts> find(PartyId id) throws SQLException {
        PartyRow party = parties.find(id).orElse(null);
        if (party == null) {
            return Optional.empty();
        }
        Map<PartyId, PartyState> all = states.now(List.of(id));
        PartyState state = all.getOrDefault(id, PartyState.PLAIN);
        List<Controls.ControlRecord> proofs = controls.of(id);
        return Optional.of(new Facts(
                measures.hidesFace(id) == null ? party.name : null,
                party.kind,
                trust(proofs, state.trust(PartyRegister.of(all, Map.of()))),
                state.erased() ? "closed" : state.suspended() ? "suspended" : "open",
                party.openedAt,
                statements.countDeclared(id, MOST_COUNTED),
                proofs.stream()
                        .filter(proof -> proof.control() == Control.PROVED)
                        .sorted(Comparator.comparing(Controls.ControlRecord::position))
                        .limit(MOST_SHOWN)
                        .map(proof -> new ProvedSubject(proof.subject(), proof.recordedAt()))
                        .toList(),
                vouching.inForce(id).stream()
                        .limit(MOST_SHOWN)
                        .map(body -> new VouchingBody(body.body(), body.name(), body.acceptedAt()))
                        .toList()));
    }

    static Trust trust(List<Controls.ControlRecord> proofs, Trust stateTrust) {
        boolean controls = proofs.stream().anyMatch(proof -> proof.control() == Control.PROVED);
        return controls && stateTrust == Trust.ASSERTED ? Trust.CONTROL_PROVED : stateTrust;
    }
}
