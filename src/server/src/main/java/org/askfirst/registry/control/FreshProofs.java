package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyRegister;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a plain permission that rests on a proof of control whose token the registry has not seen for two days. A
 * permission cannot be taken back from a model, and a proof stays in force for 14 days after its token is gone.
 *
 * <p>Records of the operator and of bodies have no token, and are not concerned. A proof whose token is there is checked
 * daily, so it is never that old.
 */
@ApplicationScoped
public class FreshProofs {
    /** A proof is fresh for so long after the registry saw its token. The daily checks need up to 27 hours. */
    static final Duration FRESH = Duration.ofDays(2);

    private static final List<String> TOKENS = Arrays.stream(ControlMethod.values())
            .filter(method -> method.isCheckedByRegistry() && method.control() == Control.PROVED)
            .map(ControlMethod::wireName)
            .toList();

    private final DataSource dataSource;
    private final Controls controls;
    private final PartyStates states;
    private final Clock clock;

    FreshProofs(DataSource dataSource, Controls controls, PartyStates states, Clock clock) {
        this.dataSource = dataSource;
        this.controls = controls;
        this.states = states;
        this.clock = clock;
    }

    /**
     * A proof whose token was not seen for too long.
     *
     * @param challenge the id of its challenge; null if the challenge was lost
     */
    private record OldProof(
            SubjectKey key,
            PartyId party,
            String subject,
            @Nullable String challenge) {}

    /**
     * Requires that a permission for the subjects rests on no old proof alone.
     *
     * @param party the party that permits
     * @param member the member for whom it permits; null if it permits for itself
     * @throws ProblemException {@link Problem#PROOF_TOO_OLD}
     */
    public void require(PartyId party, @Nullable PartyId member, List<Subject> subjects) throws SQLException {
        List<OldProof> old = old(party, member);
        if (old.isEmpty()) {
            return;
        }
        Map<SubjectKey, OldProof> oldByKey = new HashMap<>();
        old.forEach(proof -> oldByKey.put(proof.key(), proof));
        for (Subject subject : subjects) {
            Expansion expansion = subject.expand();
            List<SubjectKey> keys = IntStream.range(0, expansion.size())
                    .mapToObj(expansion::key)
                    .toList();
            for (SubjectKey key : keys) {
                OldProof proof = oldByKey.get(key);
                if (proof != null && !isProvedOtherwise(expansion, keys, oldByKey.keySet(), party, member)) {
                    throw tooOld(proof, party);
                }
            }
        }
    }

    /**
     * Requires that neither party has an old proof, before a permission for a list of any length.
     *
     * @throws ProblemException {@link Problem#PROOF_TOO_OLD}
     */
    public void requireAll(PartyId party, @Nullable PartyId member) throws SQLException {
        List<OldProof> old = old(party, member);
        if (!old.isEmpty()) {
            throw tooOld(old.get(0), party);
        }
    }

    private static ProblemException tooOld(OldProof proof, PartyId party) {
        String check = proof.challenge() == null
                ? "start a challenge for it (POST /v1/parties/me/controls) and check it"
                : "POST /v1/parties/me/controls/" + proof.challenge() + "/check";
        return Problem.PROOF_TOO_OLD.because("The token for " + proof.subject() + " was not seen for "
                + FRESH.toHours() + " hours. "
                + (proof.party().equals(party)
                        ? "Put it back if it is gone, " + check + ", and send this again"
                        : "The member for whom this permits has to check its proof again"));
    }

    private boolean isProvedOtherwise(
            Expansion expansion, List<SubjectKey> keys, Set<SubjectKey> old, PartyId party, @Nullable PartyId member)
            throws SQLException {
        ControlsByKey others = new ControlsByKey(controls.at(keys, Positions.NEWEST).stream()
                .filter(proof -> !(old.contains(proof.key())
                        && proof.by() == null
                        && TOKENS.contains(proof.method().wireName())))
                .toList());
        ControlEvidence evidence = others.over(expansion, PartyRegister.of(states.now(others.bodies()), Map.of()));
        return evidence.of(0, party) == Control.PROVED || (member != null && evidence.of(0, member) == Control.PROVED);
    }

    private List<OldProof> old(PartyId party, @Nullable PartyId member) throws SQLException {
        Instant since = clock.instant().minus(FRESH);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select p.key, p.party, p.subject, c.id"
                        + " from party_control p left join party_control_claim c on c.key = p.key and c.party = p.party"
                        + " where p.party = any(?) and p.until_position = " + Positions.NO_END
                        + " and p.method = any(?) and p.body is null and p.recorded_at <= ?"
                        + " and not exists (select 1 from party_control_check k where k.claim = c.id"
                        + " and k.outcome = 'found' and k.checked_at > ?) order by p.position")) {
            select.setArray(
                    1,
                    SqlArray.ids(
                            connection,
                            Stream.of(party, member == null ? party : member)
                                    .distinct()
                                    .map(PartyId::number)));
            select.setArray(2, SqlArray.texts(connection, TOKENS.stream()));
            select.setObject(3, since.atOffset(ZoneOffset.UTC));
            select.setObject(4, since.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                Stream.Builder<OldProof> old = Stream.builder();
                while (row.next()) {
                    old.add(new OldProof(
                            SubjectKey.of(row.getBytes(1)),
                            new PartyId(row.getObject(2, UUID.class)),
                            row.getString(3),
                            row.getString(4)));
                }
                return old.build().collect(Collectors.toList());
            }
        }
    }
}
