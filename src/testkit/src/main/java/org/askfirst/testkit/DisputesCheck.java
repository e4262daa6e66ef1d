package org.askfirst.testkit;

import static org.askfirst.testkit.TableText.FOR_EVER;
import static org.askfirst.testkit.TableText.id;
import static org.askfirst.testkit.TableText.key;
import static org.askfirst.testkit.TableText.moment;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.subject.Subject;

/** The projections of rejections and decisions: how they stand, their entries, and what was contested when. */
final class DisputesCheck implements ProjectionCheck {
    private static final int SECONDS_OF_DAY = 86_400;

    private final Map<String, DisputeRow> disputes = new HashMap<>();
    private final List<ContestRow> contests = new ArrayList<>();
    private final TreeSet<String> steps = new TreeSet<>();

    private static final class DisputeRow {
        private final String fixed;
        private final String respondent;
        private final List<Subject> subjects;
        private String endsAt;
        private String state;
        private boolean appealed;
        private String arbiter = "null";

        DisputeRow(String fixed, String respondent, List<Subject> subjects, String endsAt, String state) {
            this.fixed = fixed;
            this.respondent = respondent;
            this.subjects = subjects;
            this.endsAt = endsAt;
            this.state = state;
        }
    }

    private static final class ContestRow {
        private final String dispute;
        private final String key;
        private final long position;
        private final String rest;
        private long until = FOR_EVER;

        ContestRow(String dispute, String key, long position, String rest) {
            this.dispute = dispute;
            this.key = key;
            this.position = position;
            this.rest = rest;
        }
    }

    void reject(long position, Instant recordedAt, DisputeEntry.Rejected rejected) {
        String respondent = rejected.respondent().number().toString();
        String endsAt =
                recordedAt.plusSeconds((long) rejected.days() * SECONDS_OF_DAY).toString();
        disputes.put(
                number(rejected),
                new DisputeRow(
                        String.join(
                                " ",
                                position + "",
                                recordedAt.toString(),
                                "rejection",
                                id(rejected),
                                respondent,
                                rejected.declaration().number().toString(),
                                texts(rejected.subjects()),
                                "null"),
                        respondent,
                        rejected.subjects(),
                        endsAt,
                        "open"));
        step(position, recordedAt, rejected);
        rejected.subjects()
                .forEach(subject ->
                        contest(rejected, position, subject, String.join(" ", "0", respondent, id(rejected), endsAt)));
    }

    void withdraw(long position, Instant recordedAt, DisputeEntry.RejectionWithdrawn withdrawn) {
        DisputeRow row = java.util.Objects.requireNonNull(disputes.get(number(withdrawn)));
        assertEquals("open", row.state, "withdrawn after its end");
        row.state = "withdrawn";
        step(position, recordedAt, withdrawn);
    }

    void decide(long position, Instant recordedAt, DisputeEntry.DisputeDecided decided) {
        String state = decided.subjects().isEmpty() && !decided.control() ? "upheld" : "set-aside";
        DisputeRow row = disputes.computeIfAbsent(
                number(decided),
                id -> new DisputeRow(
                        String.join(
                                " ",
                                position + "",
                                recordedAt.toString(),
                                "ruling",
                                "null",
                                id(decided),
                                "null",
                                texts(decided.subjects()),
                                "null"),
                        id(decided),
                        decided.subjects(),
                        "null",
                        state));
        assertEquals(row.respondent, id(decided), "decided about another party");
        row.arbiter = "null";
        row.state = state;
        if (row.fixed.contains(" dispute ")) {
            row.endsAt = after(recordedAt, decided.days());
        }
        step(position, recordedAt, decided);
        decided.subjects()
                .forEach(subject ->
                        contest(decided, position, subject, String.join(" ", "2", id(decided), "null", "null")));
    }

    void file(long position, Instant recordedAt, DisputeEntry.DisputeFiled filed) {
        String respondent = filed.respondent().number().toString();
        String endsAt = after(recordedAt, filed.days());
        disputes.put(
                number(filed),
                new DisputeRow(
                        String.join(
                                " ",
                                position + "",
                                recordedAt.toString(),
                                "dispute",
                                id(filed),
                                respondent,
                                filed.declaration() == null
                                        ? "null"
                                        : filed.declaration().number().toString(),
                                texts(filed.subjects()),
                                filed.grounds()),
                        respondent,
                        filed.subjects(),
                        endsAt,
                        "open"));
        step(position, recordedAt, (DisputeEntry) filed);
        filed.subjects()
                .forEach(subject ->
                        contest(filed, position, subject, String.join(" ", "1", respondent, id(filed), endsAt)));
    }

    void step(long position, Instant recordedAt, DisputeEntry.DisputeStepped stepped) {
        DisputeRow row = java.util.Objects.requireNonNull(disputes.get(number(stepped)));
        if (stepped.type().equals("dispute-arbiter-named")) {
            row.arbiter = id(stepped);
            addStep(position, recordedAt, stepped);
            return;
        }
        row.endsAt = after(recordedAt, stepped.days());
        row.state =
                stepped.type().equals("dispute-cured") ? "open" : stepped.type().substring("dispute-".length());
        if (row.state.equals("appealed")) {
            row.appealed = true;
            addStep(position, recordedAt, stepped);
            return;
        }
        step(position, recordedAt, (DisputeEntry) stepped);
        if (!row.state.equals("withdrawn")) {
            String challenger = row.fixed.split(" ", -1)[3];
            boolean isOpen = row.state.equals("open");
            String start = String.join(" ", "1", row.respondent, challenger, isOpen ? row.endsAt : "null");
            for (Subject subject : row.subjects) {
                contest(stepped, position, subject, start, isOpen ? "null" : row.endsAt);
            }
        }
    }

    private static String after(Instant recordedAt, @org.jspecify.annotations.Nullable Integer days) {
        return days == null
                ? "null"
                : recordedAt.plusSeconds((long) days * SECONDS_OF_DAY).toString();
    }

    private static String number(DisputeEntry entry) {
        return entry.dispute().number().toString();
    }

    private static String texts(List<Subject> subjects) {
        return subjects.stream().map(Subject::canonical).toList().toString();
    }

    /** Adds the entry, which ends everything that the dispute contested before. */
    private void step(long position, Instant recordedAt, DisputeEntry entry) {
        addStep(position, recordedAt, entry);
        for (ContestRow row : contests) {
            if (row.dispute.equals(number(entry)) && row.until == FOR_EVER) {
                row.until = position;
            }
        }
    }

    private void addStep(long position, Instant recordedAt, DisputeEntry entry) {
        steps.add(String.join(" ", position + "", number(entry), id(entry), entry.type(), recordedAt.toString()));
    }

    private void contest(DisputeEntry entry, long position, Subject subject, String rest) {
        contest(entry, position, subject, rest, "null");
    }

    private void contest(DisputeEntry entry, long position, Subject subject, String rest, String lapsesAt) {
        for (Subject as : subject.indexedAs()) {
            contests.add(new ContestRow(
                    number(entry),
                    key(as),
                    position,
                    rest + " " + lapsesAt + " " + subject.canonical() + " " + (as.equals(subject) ? "t" : "f")));
        }
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> expected = new TreeSet<>();
        disputes.forEach((id, row) -> expected.add(
                String.join(" ", id, row.fixed, row.endsAt, row.state, row.appealed ? "t" : "f", row.arbiter)));
        snapshot.compare(
                "dispute",
                expected,
                rows(
                        snapshot,
                        "select id, position, recorded_at, kind, challenger, respondent, declaration, subjects, grounds,"
                                + " ends_at, state, appealed, arbiter from dispute",
                        3,
                        10));
        snapshot.compare(
                "dispute_step",
                steps,
                rows(snapshot, "select position, dispute, party, type, recorded_at from dispute_step", 5));
        TreeSet<String> contested = new TreeSet<>();
        contests.forEach(row ->
                contested.add(String.join(" ", row.key, row.position + "", row.until + "", row.dispute, row.rest)));
        snapshot.compare(
                "dispute_contest",
                contested,
                rows(
                        snapshot,
                        "select encode(key, 'hex'), position, until_position, dispute, kind, respondent, challenger,"
                                + " ends_at, lapses_at, subject, own from dispute_contest",
                        8,
                        9));
    }

    /** Returns the rows as texts. The columns with these numbers have moments. */
    private static Set<String> rows(LedgerSnapshot snapshot, String select, int... moments) throws SQLException {
        TreeSet<String> rows = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery(select)) {
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    int column = i;
                    boolean isMoment = java.util.Arrays.stream(moments).anyMatch(one -> one == column);
                    if (isMoment) {
                        columns.add(moment(row.getObject(i, OffsetDateTime.class)));
                    } else if (row.getObject(i) instanceof java.sql.Array texts) {
                        columns.add(List.of((Object[]) texts.getArray()).toString());
                    } else {
                        columns.add(String.valueOf(row.getString(i)));
                    }
                }
                rows.add(String.join(" ", columns));
            }
        }
        return rows;
    }
}
