package org.askfirst.registry.mandate;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.Positions;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** Folds mandates, and the declarations that are made under them. */
@ApplicationScoped
class MandateProjection implements Projection, ErasureListener {
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private static final String TERM = "insert into party_mandate_term"
            + " (mandate, position, society, member, valid_from, valid_to) values (?, ?, ?, ?, ?, ?)";

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        foldUses(connection, entries);
        foldMade(connection, entries);
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof MandateEntry.MandateChanged changed) {
                MandateTerm term = foldChange(connection, entry, changed);
                if (changesTerm(changed)) {
                    effects.add(new Effect.MandateTermChanged(entry.position(), changed.mandate(), term));
                }
            }
        }
        return effects;
    }

    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof MandateEntry.MandateChanged changed && changesTerm(changed)) {
                MandateId id = changed.mandate();
                MandateTerm term = Objects.requireNonNull(
                        Mandates.at(connection, List.of(id), entry.position()).get(id));
                effects.add(new Effect.MandateTermChanged(entry.position(), id, term));
            }
        }
        return effects;
    }

    /** Returns false if an offer is declined, because it was never in force. */
    private static boolean changesTerm(MandateEntry.MandateChanged changed) {
        return changed.step() != MandateStep.DECLINED;
    }

    private static void foldUses(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into party_mandate_use (position, declaration, mandate) values (?, ?, ?)")) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                MandateId mandate = entry.entry() instanceof DeclarationEntry.Stated stated
                        ? stated.content().mandate()
                        : null;
                if (mandate != null && entry.entry() instanceof DeclarationEntry declared) {
                    insert.setLong(1, entry.position());
                    insert.setObject(2, declared.declaration().number());
                    insert.setObject(3, mandate.number());
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    private static void foldMade(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_mandate (id, position, society,"
                        + " member, offered_by, state, kinds, uses, territory, valid_from, valid_to, document,"
                        + " reference, code) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement term = connection.prepareStatement(TERM)) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                if (entry.entry() instanceof MandateEntry.MandateMade made) {
                    setMandate(connection, insert, entry, made);
                    insert.addBatch();
                    if (made.recorded()) {
                        setTerm(term, made.mandate(), entry.position(), made.terms());
                        term.addBatch();
                    }
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
                term.executeBatch();
            }
        }
    }

    private static void setMandate(
            Connection connection, PreparedStatement insert, LedgerEntry entry, MandateEntry.MandateMade made)
            throws SQLException {
        Mandate terms = made.terms();
        Confidential confidential = entry.confidential();
        Confidential.Reference reference = confidential == null ? null : confidential.reference();
        insert.setObject(1, made.mandate().number());
        insert.setLong(2, entry.position());
        insert.setObject(3, terms.society().number());
        insert.setObject(4, terms.member() == null ? null : terms.member().number());
        insert.setObject(5, made.party().number());
        insert.setString(6, (made.recorded() ? Mandates.State.RECORDED : Mandates.State.OFFERED).wireName());
        insert.setArray(7, SqlArray.texts(connection, PartyStates.names(terms.schemes()).stream()));
        insert.setArray(8, SqlArray.texts(connection, terms.uses().stream().map(Use::wireName)));
        insert.setArray(9, SqlArray.texts(connection, terms.territory().stream()));
        insert.setObject(10, atUtc(terms.period().from()));
        insert.setObject(11, atUtc(terms.period().to()));
        insert.setString(12, terms.document());
        insert.setString(13, reference == null ? null : reference.number());
        insert.setString(14, reference == null ? null : reference.code());
    }

    private static void setTerm(PreparedStatement insert, MandateId id, long position, Mandate terms)
            throws SQLException {
        insert.setObject(1, id.number());
        insert.setLong(2, position);
        insert.setObject(3, terms.society().number());
        insert.setObject(4, terms.member() == null ? null : terms.member().number());
        insert.setObject(5, atUtc(terms.period().from()));
        insert.setObject(6, atUtc(terms.period().to()));
    }

    private static MandateTerm foldChange(Connection connection, LedgerEntry entry, MandateEntry.MandateChanged changed)
            throws SQLException {
        RecordedMandate before = Mandates.find(connection, changed.mandate()).orElseThrow();
        Mandate terms = after(before.terms(), changed, entry.recordedAt());
        Mandates.State state = switch (changed.step()) {
            case ACCEPTED -> Mandates.State.ACCEPTED;
            case DECLINED -> Mandates.State.DECLINED;
            case WITHDRAWN -> Mandates.State.WITHDRAWN;
            case CLAIMED -> before.state();
        };
        try (PreparedStatement update = connection.prepareStatement("update party_mandate set state = ?, member = ?,"
                        + " valid_from = ?, valid_to = ?, code = case when ? then null else code end where id = ?");
                PreparedStatement end = connection.prepareStatement(
                        "update party_mandate_term set until_position = ? where mandate = ?" + NOT_ENDED);
                PreparedStatement term = connection.prepareStatement(TERM)) {
            update.setString(1, state.wireName());
            update.setObject(2, terms.member() == null ? null : terms.member().number());
            update.setObject(3, atUtc(terms.period().from()));
            update.setObject(4, atUtc(terms.period().to()));
            update.setBoolean(5, changed.step() == MandateStep.CLAIMED);
            update.setObject(6, changed.mandate().number());
            update.executeUpdate();
            if (changesTerm(changed)) {
                end.setLong(1, entry.position());
                end.setObject(2, changed.mandate().number());
                end.executeUpdate();
                setTerm(term, changed.mandate(), entry.position(), terms);
                term.executeUpdate();
            }
        }
        return new MandateTerm(terms.society(), terms.member(), terms.period());
    }

    private static Mandate after(Mandate before, MandateEntry.MandateChanged changed, Instant recordedAt) {
        PartyId member = changed.step() == MandateStep.CLAIMED ? changed.party() : before.member();
        Period period = before.period();
        if (changed.step() == MandateStep.WITHDRAWN) {
            Instant until = changed.until() == null ? recordedAt : changed.until();
            Instant from = period.from();
            period = new Period(from != null && from.isBefore(until) ? from : null, until);
        }
        return new Mandate(
                before.society(),
                member,
                before.schemes(),
                before.uses(),
                before.territory(),
                period,
                before.document());
    }

    @Override
    public String part() {
        return "mandates: the member numbers of societies";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement erase =
                connection.prepareStatement("update party_mandate set reference = null, code = null"
                        + " where (society = ? or member = ?) and reference is not null returning position")) {
            erase.setObject(1, party.number());
            erase.setObject(2, party.number());
            return ErasureListener.positions(erase);
        }
    }

    private static @Nullable Object atUtc(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<String> tables() {
        return List.of("party_mandate", "party_mandate_term", "party_mandate_use");
    }
}
