package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.askfirst.entry.MeasureEntry.Ground;
import org.askfirst.entry.MeasureEntry.Kind;
import org.askfirst.entry.MeasureEntry.MeasureChanged;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Takes and lifts measures, and tells the party. */
@ApplicationScoped
class MeasureActs {
    private static final String DECLARATION = "declaration ";
    private static final String SUBJECT = "subject ";

    private final Operator operator;
    private final Measures measures;
    private final DeclarationHistory declarations;
    private final Notices notices;
    private final Clock clock;

    MeasureActs(Operator operator, Measures measures, DeclarationHistory declarations, Notices notices, Clock clock) {
        this.operator = operator;
        this.measures = measures;
        this.declarations = declarations;
        this.notices = notices;
        this.clock = clock;
    }

    /** Returns the thing that a request is about. */
    Target target(MeasureViews.MeasureRequest request) throws SQLException {
        DeclarationId declaration = request.declaration();
        if (declaration != null) {
            PartyId party = declarations
                    .declaration(declaration)
                    .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                            "/declaration", Reason.UNKNOWN_VALUE, "there is no such declaration"))
                    .party();
            return new Target(party, declaration, null);
        }
        Subject subject = request.subject();
        return new Target(Objects.requireNonNull(request.party()), null, subject == null ? null : subject.key());
    }

    /** Returns true if lifting the measure needs two keys: a law or a court requires it. */
    boolean needsTwoKeys(MeasureViews.MeasureRequest request, Target target) throws SQLException {
        if (request.act() != MeasureViews.Act.UNHIDE) {
            return false;
        }
        Ground ground = measures.standing(Kind.HIDING, target);
        return ground != null && ground.isLegal();
    }

    Proposal.Outcome change(Authority authority, Kind kind, Target target, @Nullable Ground ground, String reason)
            throws SQLException {
        Proposal.Outcome outcome = operator.act(
                authority, target.party(), reason, commitment -> new MeasureChanged(kind, target, ground, commitment));
        if (outcome.fresh()) {
            notices.add(target.party(), clock.instant(), notice(kind, ground != null), about(target), null);
        }
        return outcome;
    }

    private static Notices.Kind notice(Kind kind, boolean taken) {
        return switch (kind) {
            case HIDING -> taken ? Notices.Kind.HIDDEN : Notices.Kind.HIDING_LIFTED;
            case RESTRICTION -> taken ? Notices.Kind.RESTRICTED : Notices.Kind.RESTRICTION_LIFTED;
        };
    }

    private static String about(Target target) {
        DeclarationId declaration = target.declaration();
        SubjectKey subject = target.subject();
        return declaration != null
                ? declaration.toString()
                : subject != null ? subject.hex() : target.party().toString();
    }

    /** Returns the target without its party as a text that {@link #read} reads. */
    static String write(Target target) {
        DeclarationId declaration = target.declaration();
        SubjectKey subject = target.subject();
        return declaration != null ? DECLARATION + declaration : subject != null ? SUBJECT + subject.hex() : "";
    }

    static Target read(PartyId party, String text) {
        return new Target(
                party,
                text.startsWith(DECLARATION)
                        ? DeclarationId.parse(text.substring(DECLARATION.length()))
                                .orElseThrow()
                        : null,
                text.startsWith(SUBJECT) ? SubjectKey.fromHex(text.substring(SUBJECT.length())) : null);
    }
}
