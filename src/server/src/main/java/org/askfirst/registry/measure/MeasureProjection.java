package org.askfirst.registry.measure;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.GrantEntry;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.MeasureEntry.MeasureChanged;
import org.askfirst.entry.OfferEntry;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Submitter;
import org.askfirst.entry.TrustEntry;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.Stance;
import org.jspecify.annotations.Nullable;

/**
 * Folds measures, and refuses what a restricted party may not do. It also keeps the positions of all acts of the
 * operator, for the log of its acts.
 */
@ApplicationScoped
class MeasureProjection implements ActRule, Projection, ErasureListener {
    private final MeasureStore store;
    private final Measures measures;

    MeasureProjection(MeasureStore store, Measures measures) {
        this.store = store;
        this.measures = measures;
    }

    @Override
    public Stage stage() {
        return Stage.PERMISSIONS;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof MeasureChanged changed) {
                admit(connection, proposal, changed);
            } else {
                PartyId body = proposal.entry().by();
                String forbidden = body == null ? forbidden(proposal.entry()) : "may not act for others";
                String ground = forbidden == null
                        ? null
                        : measures.restricts(body == null ? proposal.entry().party() : body);
                if (ground != null) {
                    proposal.refuse(Problem.FORBIDDEN.because("The operator has restricted this party (" + ground
                            + "), so it " + forbidden + "; what it declared before stays in force"));
                }
            }
        }
    }

    private void admit(Connection connection, Proposal proposal, MeasureChanged changed) throws SQLException {
        MeasureStore.Standing standing = store.find(connection, changed.kind(), changed.target());
        if (changed.ground() == null && standing == null) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("There is no such measure in force"));
        } else if (standing != null && standing.ground() == changed.ground()) {
            proposal.answerWith(standing.position());
        } else if (standing != null && changed.ground() != null) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The measure is in force on the ground "
                    + standing.ground().wireName() + "; lift it first to give it another ground"));
        }
    }

    /** Returns what a restricted party may not do with this act; null if it may do the act. */
    private static @Nullable String forbidden(Entry entry) {
        if (entry instanceof DeclarationEntry.Stated stated) {
            return stated.content().stances().stated().values().stream().anyMatch(stance -> stance != Stance.RESERVED)
                    ? "may only reserve, and may not permit"
                    : null;
        }
        if (entry instanceof DeclarationEntry.Listed listed) {
            return listed.added().isEmpty() ? null : "may not add works to a list";
        }
        if (entry instanceof OfferEntry.OfferStated) {
            return "may not offer licenses";
        }
        if (entry instanceof MandateEntry.MandateMade) {
            return "may not make mandates";
        }
        if (entry instanceof MandateEntry.MandateChanged changed) {
            return changed.step() == MandateStep.ACCEPTED || changed.step() == MandateStep.CLAIMED
                    ? "may not accept mandates"
                    : null;
        }
        if (entry instanceof TrustEntry.VouchingChanged changed) {
            return changed.step() == VouchingStep.OFFERED || changed.step() == VouchingStep.ACCEPTED
                    ? "may neither vouch nor be vouched for"
                    : null;
        }
        return entry instanceof GrantEntry.Granted ? "may not grant licenses" : null;
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into operator_act (position, revoked_for) values (?, ?)")) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                if (entry.entry() instanceof MeasureChanged changed) {
                    store.fold(connection, entry.position(), changed);
                }
                boolean revokes = isRevocation(entry);
                if (revokes || isOfOperator(entry.entry())) {
                    insert.setLong(1, entry.position());
                    insert.setObject(2, revokes ? entry.entry().party().number() : null, Types.OTHER);
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
        return List.of();
    }

    /** Parties and the registry revoke control too. Only the confidential part tells that the operator did. */
    private static boolean isRevocation(LedgerEntry entry) {
        Confidential confidential = entry.confidential();
        return entry.entry() instanceof ControlEntry.ControlRevoked
                && confidential != null
                && !confidential.operators().isEmpty();
    }

    private static boolean isOfOperator(Entry entry) {
        if (entry instanceof ControlEntry.ControlProved proved) {
            return proved.method() == ControlMethod.OPERATOR;
        }
        return entry.submitters().equals(Set.of(Submitter.OPERATOR));
    }

    /** Returns no effects: no verdict depends on a measure. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("measure", "operator_act");
    }

    @Override
    public String part() {
        return "measure: the reasons for the operator's measures";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from operator_act where revoked_for = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select position from measure where party = ? union all select until_position from measure"
                        + " where party = ? and until_position < " + Positions.NO_END)) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            return ErasureListener.positions(select);
        }
    }
}
