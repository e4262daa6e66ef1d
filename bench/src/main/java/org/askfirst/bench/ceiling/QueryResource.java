package org.askfirst.bench.ceiling;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.OnBehalfOf;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Trust;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;

/**
 * A lookup without an index: it expands the subject, reads all its keys from the table in one query, and judges.
 *
 * <p>It has every advantage: it reads neither proofs of control nor erasures, counts no quota, and answers the verdicts
 * alone.
 */
@Path("/sql")
@Produces(MediaType.APPLICATION_JSON)
public class QueryResource {
    private static final Set<Use> ASKED = EnumSet.of(Use.TEXT_AND_DATA_MINING);
    private static final String SELECT = "select key, position, party, stances, address from standing_statement"
            + " where key = any(?) and until_position = 9223372036854775807";

    private final DataSource dataSource;

    QueryResource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The verdicts on one subject. */
    @GET
    @Blocking
    public String answer(@QueryParam("subject") String asked) throws SQLException {
        Expansion expansion = Subject.parse(asked).expand();
        byte[][] keys = new byte[expansion.size()][];
        Map<SubjectKey, Integer> places = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = expansion.key(i).toBytes();
            places.put(expansion.key(i), i);
        }
        List<Statement> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setArray(1, connection.createArrayOf("bytea", keys));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int place = Objects.requireNonNull(places.get(SubjectKey.of(row.getBytes(1))));
                    found.add(new Statement(
                            new PartyId(row.getObject(3, UUID.class)),
                            Trust.ASSERTED,
                            row.getLong(2),
                            expansion.specificity(place),
                            expansion.scheme(place).needsControl(),
                            Statement.Reach.WHOLE,
                            Control.NONE,
                            Stances.fromPacked(row.getInt(4)),
                            row.getBoolean(5),
                            Period.ALWAYS,
                            OnBehalfOf.of(new PartyId(row.getObject(3, UUID.class)))));
                }
            }
        }
        Verdicts verdicts = Verdicts.of(found, ASKED, Instant.now());
        StringBuilder text = new StringBuilder("{\"verdict\":\"")
                .append(verdicts.verdict().wireName())
                .append("\",\"verdicts\":{");
        verdicts.uses()
                .forEach((use, verdict) -> text.append(text.charAt(text.length() - 1) == '{' ? "\"" : ",\"")
                        .append(use.wireName())
                        .append("\":\"")
                        .append(verdict.wireName())
                        .append('"'));
        return text.append("}}").toString();
    }
}
