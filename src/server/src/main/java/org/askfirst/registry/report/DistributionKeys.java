package org.askfirst.registry.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.Decimals;
import org.askfirst.license.DistributionKey;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** The keys by which parties divide what is due among their members. Without one, a party divides by use. */
@ApplicationScoped
class DistributionKeys {
    static final int MAX_MEMBERS = 10_000;

    private static final DistributionKey BY_USE = DistributionKey.byUse(BigDecimal.ZERO);
    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final String NUMBER = "a decimal number such as 12.5, with at most 9 digits after the point";

    private final DataSource dataSource;
    private final Clock clock;

    DistributionKeys(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * {@code DistributionKey}.
     *
     * @param changedAt null if the party never set one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record KeyView(
            String deduction,
            Map<String, String> weights,
            @Nullable Instant changedAt) {}

    /**
     * Reads {@code DistributionKeyRequest}.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST} if it has violations
     */
    static DistributionKey parse(JsonNode body) {
        Members members = Members.of(body, "deduction", "weights");
        members.require("deduction");
        String deduction = members.optionalText("deduction", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        BigDecimal percent = deduction == null ? BigDecimal.ZERO : Decimals.parse(deduction);
        if (percent.compareTo(HUNDRED) > 0) {
            members.refuse("deduction", Reason.OUT_OF_RANGE, "give a percentage of at most 100");
        }
        SortedMap<String, BigDecimal> weights = new TreeMap<>();
        JsonNode raw = members.raw("weights");
        if (raw != null && raw.isObject() && raw.size() > MAX_MEMBERS) {
            members.refuse("weights", Reason.TOO_MANY, "give at most " + MAX_MEMBERS + " members");
        } else {
            String[] names = raw == null || !raw.isObject()
                    ? new String[0]
                    : raw.properties().stream().map(Map.Entry::getKey).toArray(String[]::new);
            Members listed = members.object("weights", names);
            if (listed != null) {
                readWeights(listed, names, weights);
            }
        }
        members.finish();
        return new DistributionKey(percent, weights);
    }

    private static void readWeights(Members listed, String[] names, SortedMap<String, BigDecimal> weights) {
        for (String name : names) {
            String weight = listed.optionalText(name, Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
            if (PartyId.parse(name).isEmpty() && MandateId.parse(name).isEmpty()) {
                listed.refuse(
                        name,
                        Reason.MALFORMED,
                        "name each member by the id of its party, or of its mandate if it has no account");
            } else if (weight != null) {
                weights.put(name, Decimals.parse(weight));
            }
        }
    }

    /** Sets the key of a party. Statements that were issued before stay as they are. */
    KeyView set(PartyId party, DistributionKey key) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("insert into report_distribution (party,"
                        + " deduction, weights, changed_at) values (?, ?, ?, ?) on conflict (party) do update set"
                        + " deduction = excluded.deduction, weights = excluded.weights,"
                        + " changed_at = excluded.changed_at")) {
            upsert.setObject(1, party.number());
            upsert.setString(2, key.deduction().toPlainString());
            upsert.setString(3, CanonicalJson.write(texts(key)));
            upsert.setObject(4, now.atOffset(ZoneOffset.UTC));
            upsert.executeUpdate();
        }
        return view(key, now);
    }

    KeyView get(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return read(connection, party);
        }
    }

    /** Returns the key with which a statement of the party is computed. */
    DistributionKey of(Connection connection, PartyId party) throws SQLException {
        KeyView stored = read(connection, party);
        SortedMap<String, BigDecimal> weights = new TreeMap<>();
        stored.weights().forEach((member, weight) -> weights.put(member, Decimals.parse(weight)));
        return new DistributionKey(Decimals.parse(stored.deduction()), weights);
    }

    private static KeyView read(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select deduction, weights, changed_at from report_distribution where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return view(BY_USE, null);
                }
                SortedMap<String, String> weights = new TreeMap<>();
                CanonicalJson.parseObject(row.getString(2))
                        .forEach((member, weight) -> weights.put(String.valueOf(member), String.valueOf(weight)));
                return new KeyView(row.getString(1), weights, SqlColumns.moment(row, 3));
            }
        }
    }

    /** Deletes the key of a party. */
    static void erase(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from report_distribution where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
    }

    private static KeyView view(DistributionKey key, @Nullable Instant changedAt) {
        return new KeyView(key.deduction().toPlainString(), texts(key), changedAt);
    }

    private static SortedMap<String, String> texts(DistributionKey key) {
        SortedMap<String, String> texts = new TreeMap<>();
        key.weights().forEach((member, weight) -> texts.put(member, weight.toPlainString()));
        return texts;
    }
}
