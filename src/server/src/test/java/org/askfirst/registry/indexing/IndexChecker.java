package org.askfirst.registry.indexing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.arc.Arc;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Posting;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Stances;
import org.jspecify.annotations.Nullable;

/** Proves that the index of the service under test holds what the standing tables hold, and nothing else. */
public final class IndexChecker {
    private static final long FIRST_BYTES = 256;

    /** The sum of the columns says whom to ask: 1 for any address, 2 for a license, 4 for the party's contact. */
    private static final Map<Integer, String> CONTACTS = Map.of(0, "NONE", 1, "OF_TERMS", 3, "LICENSE", 5, "OF_PARTY");

    private IndexChecker() {}

    /** Fails with the first rows that differ. */
    public static void check() {
        IndexFollower follower = Arc.container().instance(IndexFollower.class).get();
        DataSource database = Arc.container().instance(DataSource.class).get();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            IndexView view = follower.view();
            TreeSet<String> expected = new TreeSet<>();
            long position = 0;
            try (ResultSet row = statement.executeQuery("select max(position) from ledger_entry")) {
                while (row.next()) {
                    position = row.getLong(1);
                }
            }
            assertEquals(position, view.position(), "the index is not at the end of the ledger");
            try (ResultSet row = statement.executeQuery("select encode(s.key, 'hex'), s.party, s.position, s.stances,"
                    + " s.address::int + s.lasting_address::int * 2 + s.party_address::int * 4, s.valid_from, s.valid_to, s.mandate"
                    + " from standing_statement s"
                    + " where s.until_position = " + Long.MAX_VALUE
                    + " union all select encode(l.key, 'hex'), s.party, greatest(s.position, l.position), s.stances,"
                    + " s.address::int + s.lasting_address::int * 2 + s.party_address::int * 4, s.valid_from, s.valid_to, s.mandate"
                    + " from standing_listing l join standing_statement s using (declaration)"
                    + " where l.until_position = " + Long.MAX_VALUE + " and s.until_position = " + Long.MAX_VALUE)) {
                while (row.next()) {
                    expected.add(String.join(
                            " ",
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            Stances.fromPacked(row.getInt(4)).toString(),
                            CONTACTS.get(row.getInt(5)),
                            moment(row.getObject(6, OffsetDateTime.class)),
                            moment(row.getObject(7, OffsetDateTime.class)),
                            String.valueOf(row.getString(8))));
                }
            }
            try (ResultSet row =
                    statement.executeQuery("select encode(key, 'hex'), party, position, method, body from party_control"
                            + " where until_position = " + Long.MAX_VALUE)) {
                while (row.next()) {
                    expected.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " proof "
                            + (row.getString(4).equals("page-token") ? "SHOWN" : "PROVED") + " "
                            + row.getString(5));
                }
            }
            try (ResultSet row =
                    statement.executeQuery("select encode(key, 'hex'), respondent, position, kind, challenger,"
                            + " ends_at, lapses_at, own from dispute_contest where until_position = "
                            + Long.MAX_VALUE)) {
                while (row.next()) {
                    expected.add(String.join(
                            " ",
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            "contest",
                            Contest.Kind.numbered(row.getInt(4)).orElseThrow().toString(),
                            String.valueOf(row.getString(5)),
                            moment(row.getObject(6, OffsetDateTime.class)),
                            moment(row.getObject(7, OffsetDateTime.class)),
                            String.valueOf(!row.getBoolean(8))));
                }
            }
            TreeSet<String> found = new TreeSet<>();
            readSpeakers(statement, expected);
            view.partySnapshot().states().forEach((party, state) -> found.add(row(party, state)));
            view.partySnapshot().terms().forEach((mandate, term) -> found.add(row(mandate, term)));
            for (long first = 0; first < FIRST_BYTES; first++) {
                for (Map.Entry<SubjectKey, List<Posting>> one :
                        view.range(first << 56, 8).entrySet()) {
                    one.getValue().forEach(posting -> found.add(row(one.getKey(), posting)));
                }
            }
            assertEquals(List.of(), missing(expected, found), "missing in the index");
            assertEquals(List.of(), missing(found, expected), "too much in the index");
        } catch (SQLException unreadable) {
            throw new AssertionError("the tables cannot be read", unreadable);
        }
    }

    /** Reads the party states and mandates from the tables. */
    private static void readSpeakers(Statement statement, Set<String> into) throws SQLException {
        String now = " where until_position = " + Long.MAX_VALUE;
        try (ResultSet row = statement.executeQuery("select id, coalesce(verified, false), coalesce(suspended, false),"
                + " coalesce(array_to_string(vouches_for, ','), ''), coalesce(bodies, ''), coalesce(contactable::text, 'null'), coalesce(result, 'none') from"
                + " (select party as id from party_state" + now + " union select member from party_vouch" + now
                + " union select party from party_profile" + now + " and changed"
                + " union select party from party_contact_check" + now
                + ") as p left join (select * from party_state" + now + ") as s on s.party = p.id"
                + " left join (select member, string_agg(body::text, ',' order by body) as bodies from party_vouch"
                + now
                + " group by member) as v on v.member = p.id"
                + " left join (select party, contactable from party_profile" + now
                + " and changed) as c on c.party = p.id"
                + " left join (select party, result from party_contact_check" + now + ") as k on k.party = p.id")) {
            while (row.next()) {
                String held = row.getBoolean(2) + " " + row.getBoolean(3) + " " + row.getString(4) + " "
                        + row.getString(5) + " " + row.getString(6) + " " + row.getString(7);
                if (!held.equals("false false   null none")) {
                    into.add("state " + row.getString(1) + " " + held);
                }
            }
        }
        try (ResultSet row = statement.executeQuery(
                "select mandate, society, member, valid_from, valid_to from party_mandate_term" + now)) {
            while (row.next()) {
                into.add(String.join(
                        " ",
                        "term",
                        row.getString(1),
                        row.getString(2),
                        String.valueOf(row.getString(3)),
                        moment(row.getObject(4, OffsetDateTime.class)),
                        moment(row.getObject(5, OffsetDateTime.class))));
            }
        }
    }

    private static String row(PartyId party, PartyState state) {
        return String.join(
                " ",
                "state",
                party.number().toString(),
                state.verified() + "",
                state.suspended() + "",
                state.vouchesFor().stream()
                        .map(kind -> kind.wireName())
                        .sorted()
                        .collect(java.util.stream.Collectors.joining(",")),
                state.vouchedBy().stream()
                        .map(body -> body.number().toString())
                        .collect(java.util.stream.Collectors.joining(",")),
                String.valueOf(state.contactable()),
                state.contactCheck().wireName());
    }

    private static String row(MandateId mandate, MandateTerm term) {
        return String.join(
                " ",
                "term",
                mandate.number().toString(),
                term.society().number().toString(),
                term.member() == null ? "null" : term.member().number().toString(),
                String.valueOf(term.period().from()),
                String.valueOf(term.period().to()));
    }

    private static List<String> missing(Set<String> of, Set<String> in) {
        return of.stream().filter(row -> !in.contains(row)).limit(5).toList();
    }

    private static String row(SubjectKey key, Posting posting) {
        String start = key.hex() + " " + posting.party().number() + " " + posting.position() + " ";
        Contest contest = posting.contest();
        if (contest != null) {
            PartyId challenger = contest.challenger();
            return start
                    + String.join(
                            " ",
                            "contest",
                            contest.kind().toString(),
                            challenger == null ? "null" : challenger.number().toString(),
                            String.valueOf(contest.endsAt()),
                            String.valueOf(contest.lapsesAt()),
                            String.valueOf(posting.otherSubject()));
        }
        Stances stances = posting.stances();
        return stances == null
                ? start + "proof " + posting.control() + " "
                        + (posting.by() == null ? "null" : posting.by().number().toString())
                : start + stances + " " + posting.contact() + " "
                        + posting.period().from() + " " + posting.period().to() + " "
                        + (posting.mandate() == null
                                ? "null"
                                : posting.mandate().number().toString());
    }

    private static String moment(@Nullable OffsetDateTime moment) {
        return moment == null ? "null" : moment.toInstant().toString();
    }
}
