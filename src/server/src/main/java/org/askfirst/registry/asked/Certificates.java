package org.askfirst.registry.asked;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.transparency.Proofs;
import org.askfirst.registry.transparency.Receipts;
import org.jspecify.annotations.Nullable;

/** Makes and signs certificates of retrievability. */
@ApplicationScoped
class Certificates {
    private static final int MAX_ASKERS = 100;

    private final AskedAnswers answers;
    private final CountStore counts;
    private final LedgerStore ledger;
    private final Parties parties;
    private final Proofs proofs;
    private final Receipts receipts;
    private final ObjectMapper mapper;
    private final Clock clock;

    Certificates(
            AskedAnswers answers,
            CountStore counts,
            LedgerStore ledger,
            Parties parties,
            Proofs proofs,
            Receipts receipts,
            ObjectMapper mapper,
            Clock clock) {
        this.answers = answers;
        this.counts = counts;
        this.ledger = ledger;
        this.parties = parties;
        this.proofs = proofs;
        this.receipts = receipts;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** Returns the certificate of a declaration, as of now. */
    Retrievability of(DeclarationState state) throws SQLException {
        Instant until = answers.countedUntil();
        LedgerEntry first = ledger.at(List.of(state.declaredAt())).get(0);
        CountStore.Scope scope = new CountStore.Scope(state.party(), state.id());
        SortedMap<LocalDate, ShownCounts> days = new TreeMap<>(counts.days(scope, answers.today()));
        ShownCounts total = days.values().stream().reduce(ShownCounts.NONE, ShownCounts::plus);
        days.values().removeIf(day -> day.identified() + day.anonymous() == 0);
        List<CountStore.Retrieved> askers = counts.retrieved(state.id(), MAX_ASKERS + 1);
        Set<PartyId> named = new HashSet<>();
        askers.forEach(asker -> named.add(asker.asker()));
        named.add(state.party());
        Map<PartyId, Parties.Face> faces = parties.faces(named);
        List<Retrievability.NamedAsker> listed = new ArrayList<>();
        for (CountStore.Retrieved one : askers.subList(0, Math.min(MAX_ASKERS, askers.size()))) {
            listed.add(new Retrievability.NamedAsker(
                    one.asker().toString(), name(faces, one.asker()), one.lookups(), one.firstAt(), one.lastAt()));
        }
        long omitted = total.identified()
                - listed.stream().mapToLong(Retrievability.NamedAsker::lookups).sum();
        Retrievability unsigned = new Retrievability(
                state.id().toString(),
                state.party().toString(),
                name(faces, state.party()),
                state.statusAt(clock.instant()).wireName(),
                first.position(),
                first.recordedAt(),
                first.leafHash().hex(),
                state.withdrawn() ? state.latest().recordedAt() : null,
                days.isEmpty() ? null : days.firstKey().toString(),
                days.isEmpty() ? null : days.lastKey().toString(),
                LookupCounts.LookupTotal.of(total),
                listed,
                Math.max(0, omitted),
                until,
                CertificateText.of(state, first, days, total, until),
                null,
                null);
        Object tree = mapper.convertValue(unsigned, Object.class);
        return unsigned.signed(
                proofs.of(first), receipts.ofCertificate(tree, state.id().toString(), first));
    }

    private static @Nullable String name(Map<PartyId, Parties.Face> faces, PartyId party) {
        Parties.Face face = faces.get(party);
        return face == null ? null : face.name();
    }
}
