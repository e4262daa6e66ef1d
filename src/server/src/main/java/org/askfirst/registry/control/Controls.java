package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.budget.ProvedParties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyRegister;
import org.jspecify.annotations.Nullable;

/** Reads which party has proved control of which subject, as of any position of the ledger. */
@ApplicationScoped
public class Controls implements ProvedParties {
    private static final String COLUMNS = "key, party, position, recorded_at, subject, method, body";

    private final DataSource dataSource;
    private final PartyStates states;

    Controls(DataSource dataSource, PartyStates states) {
        this.dataSource = dataSource;
        this.states = states;
    }

    /**
     * A proof of control.
     *
     * @param key the key of the subject
     * @param position the position of the entry that records the proof
     * @param by the vouching body on whose word it rests; null if it rests on nobody's
     */
    public record ControlRecord(
            SubjectKey key,
            PartyId party,
            long position,
            Instant recordedAt,
            String subject,
            ControlMethod method,
            @Nullable PartyId by) {
        /** Returns how strongly the method proves control. */
        public Control control() {
            return method.control();
        }
    }

    /** Returns the proofs of the subjects with these keys, as of the position. */
    public ControlsByKey byKey(Collection<SubjectKey> keys, long position) throws SQLException {
        return new ControlsByKey(at(keys, position));
    }

    /** Returns true if a proof of the party for exactly this subject is in force now. */
    public boolean isInForce(PartyId party, Subject subject) throws SQLException {
        return at(List.of(subject.key()), Long.MAX_VALUE - 1).stream()
                .anyMatch(record ->
                        record.party().equals(party) && record.subject().equals(subject.canonical()));
    }

    /** Returns all proofs of the subjects with these keys that were in force at the position. */
    List<ControlRecord> at(Collection<SubjectKey> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where key = any(?) and position <= ? and until_position > ?")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            return controls(select);
        }
    }

    /** Returns the proofs of the party that are in force, oldest first, at most 1,000. */
    public List<ControlRecord> of(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where party = ? and until_position = " + Positions.NO_END
                        + " order by position limit 1000")) {
            select.setObject(1, party.number());
            return controls(select);
        }
    }

    /**
     * A party and a contact.
     *
     * @param contact a {@code mailto:}, {@code https:} or {@code tel:} URI; empty for a form without a contact
     * @param own true if it is the contact of the party, and not one in the terms of a declaration
     */
    public record PartyContact(PartyId party, String contact, boolean own) {
        /** Returns true if somebody checked who receives what is sent there. */
        public boolean isVerified(ContactCheck check, BooleanSupplier domainProved) {
            if (own && check != ContactCheck.NONE) {
                return check == ContactCheck.VERIFIED;
            }
            return domainProved.getAsBoolean();
        }
    }

    /**
     * Returns those of the contacts that were verified at that position: the mailbox confirmed it, or the party had
     * proved the domain or the page ({@link Subject#ofContact}) and the mailbox did not refuse. The word of a body is no
     * such proof. Costs two queries.
     */
    public Set<PartyContact> verified(Collection<PartyContact> contacts, long position) throws SQLException {
        Map<PartyId, ContactCheck> checks = states.contactChecks(
                contacts.stream()
                        .filter(PartyContact::own)
                        .map(PartyContact::party)
                        .toList(),
                position);
        Set<PartyContact> proved = proved(contacts, position);
        Set<PartyContact> verified = new HashSet<>();
        for (PartyContact one : contacts) {
            if (one.isVerified(checks.getOrDefault(one.party(), ContactCheck.NONE), () -> proved.contains(one))) {
                verified.add(one);
            }
        }
        return verified;
    }

    /** Returns those of the contacts whose domain or page the party had proved at that position. */
    public Set<PartyContact> proved(Collection<PartyContact> contacts, long position) throws SQLException {
        Map<PartyContact, Expansion> expansions = new HashMap<>();
        Set<SubjectKey> keys = new HashSet<>();
        for (PartyContact one : contacts) {
            Optional<Subject> place = Subject.ofContact(one.contact());
            if (place.isPresent()) {
                Expansion expansion = place.get().expand();
                expansions.put(one, expansion);
                IntStream.range(0, expansion.size()).mapToObj(expansion::key).forEach(keys::add);
            }
        }
        if (keys.isEmpty()) {
            return Set.of();
        }
        ControlsByKey own = new ControlsByKey(
                at(keys, position).stream().filter(proof -> proof.by() == null).toList());
        PartyRegister noBodies = PartyRegister.of(Map.of(), Map.of());
        Set<PartyContact> verified = new HashSet<>();
        expansions.forEach((one, expansion) -> {
            if (own.over(expansion, noBodies).of(0, one.party()) == Control.PROVED) {
                verified.add(one);
            }
        });
        return verified;
    }

    /**
     * Returns all proofs that are in force now.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public List<ControlRecord> all(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from party_control where until_position = " + Positions.NO_END)) {
            return controls(select);
        }
    }

    /**
     * Returns all erased parties, each with the position of its erasure.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public Map<PartyId, Long> erasures(Connection connection) throws SQLException {
        Map<PartyId, Long> erasures = new TreeMap<>(Comparator.comparing(PartyId::number));
        try (PreparedStatement select = connection.prepareStatement("select party, position from party_erasure");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                erasures.put(new PartyId(row.getObject(1, UUID.class)), row.getLong(2));
            }
        }
        return erasures;
    }

    /** Returns the parties that have proved control of anything. The word of a body counts while it may vouch. */
    @Override
    public Set<PartyId> among(Connection connection, Collection<PartyId> parties) throws SQLException {
        Set<PartyId> proved = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select distinct party, method, body from party_control"
                        + " where party = any(?) and until_position = " + Positions.NO_END)) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ControlMethod method = ControlMethod.named(row.getString(2)).orElseThrow();
                    UUID body = row.getObject(3, UUID.class);
                    PartyId party = new PartyId(row.getObject(1, UUID.class));
                    if (method.control() == Control.PROVED
                            && !states.now(connection, party).suspended()
                            && (body == null || states.isVouching(connection, new PartyId(body)))) {
                        proved.add(party);
                    }
                }
            }
        }
        return proved;
    }

    private static List<ControlRecord> controls(PreparedStatement select) throws SQLException {
        List<ControlRecord> controls = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID body = row.getObject(7, UUID.class);
                controls.add(new ControlRecord(
                        SubjectKey.of(row.getBytes(1)),
                        new PartyId(row.getObject(2, UUID.class)),
                        row.getLong(3),
                        SqlColumns.moment(row, 4),
                        row.getString(5),
                        ControlMethod.named(row.getString(6)).orElseThrow(),
                        body == null ? null : new PartyId(body)));
            }
        }
        return controls;
    }
}
