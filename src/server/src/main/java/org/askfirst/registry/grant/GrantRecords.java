package org.askfirst.registry.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.GrantEntry;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;

/**
 * Compares the confidential parts of grants with the commitments in their entries. Lookups of licensees follow these
 * parts, so a changed row would permit what nobody granted.
 */
@ApplicationScoped
public class GrantRecords {
    private static final int TOGETHER = 500;
    private static final int SHOWN = 20;
    private static final int FETCHED = 10;

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final Parties parties;

    GrantRecords(DataSource dataSource, LedgerStore ledger, Parties parties) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.parties = parties;
    }

    /**
     * The result of a comparison.
     *
     * @param compared the number of grants
     * @param differing grants whose parts differ from their entry or are missing, at most 20
     */
    public record Compared(long compared, List<GrantId> differing) {}

    /**
     * Compares every grant that was ever given. Texts of the terms that were erased with an account are left out, because
     * nothing can be compared with their commitment.
     */
    public Compared compare() throws SQLException {
        List<GrantId> differing = new ArrayList<>();
        long compared = 0;
        long after = 0;
        List<Long> positions = positions(after);
        while (!positions.isEmpty() && differing.size() < SHOWN) {
            for (LedgerEntry entry : ledger.at(positions)) {
                after = Math.max(after, entry.position());
                if (entry.entry() instanceof GrantEntry.Granted granted) {
                    compared++;
                    if (differing.size() < SHOWN && !matches(granted)) {
                        differing.add(granted.grant());
                    }
                }
            }
            positions = positions(after);
        }
        return new Compared(compared, differing);
    }

    private List<Long> positions(long after) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select position from grant_event"
                        + " where kind = 'given' and position > ? order by position limit " + TOGETHER)) {
            select.setLong(1, after);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
        }
        return positions;
    }

    private boolean matches(GrantEntry.Granted granted) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select licensor, licensee, everything, works,"
                        + " schemes, terms, salts, erased from grant_record where id = ?")) {
            connection.setAutoCommit(false);
            select.setObject(1, granted.grant().number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && matches(granted, row, connection);
            } catch (IllegalArgumentException | ProblemException unreadable) {
                // Somebody wrote what is no subject or no terms.
                return false;
            } finally {
                connection.rollback();
            }
        }
    }

    private boolean matches(GrantEntry.Granted granted, ResultSet row, Connection connection) throws SQLException {
        byte[] salts = row.getBytes(7);
        if (salts.length != 3 * GivenGrant.SALT_BYTES
                || !granted.party().number().equals(row.getObject(1, UUID.class))) {
            return false;
        }
        PartyId licensee = new PartyId(row.getObject(2, UUID.class));
        String terms = row.getString(6);
        // Erased texts were part of the terms, and the salt that hid them is gone with them.
        boolean isTerms = row.getBoolean(8)
                ? isErased(granted.party(), licensee)
                : commits(granted.commitments().terms(), salts, 2, terms);
        return commits(granted.commitments().licensee(), salts, 0, licensee.toString())
                && isTerms
                && LicenseTerms.parse(terms).period().equals(granted.period())
                && isWorks(granted, row.getBoolean(3), row.getInt(4), row.getLong(5), part(salts, 1), connection);
    }

    /** Returns true if one of the sides has closed its account. */
    private boolean isErased(PartyId licensor, PartyId licensee) throws SQLException {
        Map<PartyId, Parties.Face> faces = parties.faces(List.of(licensor, licensee));
        return Stream.of(licensor, licensee).anyMatch(side -> {
            Parties.Face face = faces.get(side);
            return face == null || face.name() == null;
        });
    }

    /** Compares the works, their number, and the keys and schemes by which lookups find them. */
    private static boolean isWorks(
            GrantEntry.Granted granted, boolean everything, int count, long schemes, byte[] salt, Connection connection)
            throws SQLException {
        MessageDigest digest = sha256();
        digest.update(salt);
        if (everything) {
            digest.update(GrantWorks.EVERYTHING.getBytes(StandardCharsets.UTF_8));
        }
        int read = 0;
        long bits = 0;
        try (PreparedStatement select = connection.prepareStatement(
                "select part, keys, subjects from grant_work where grant_id = ? order by part")) {
            select.setFetchSize(FETCHED);
            select.setObject(1, granted.grant().number());
            try (ResultSet row = select.executeQuery()) {
                for (int part = 0; row.next(); part++) {
                    byte[] keys = row.getBytes(2);
                    String lines = row.getString(3);
                    List<Subject> subjects =
                            lines.lines().map(Subject::ofStored).toList();
                    if (row.getInt(1) != part || keys.length != subjects.size() * SubjectKey.BYTES) {
                        return false;
                    }
                    for (int i = 0; i < subjects.size(); i++) {
                        byte[] key = Arrays.copyOfRange(keys, i * SubjectKey.BYTES, (i + 1) * SubjectKey.BYTES);
                        if (!Arrays.equals(key, subjects.get(i).key().toBytes())) {
                            return false;
                        }
                    }
                    bits |= new GrantWorks(false, subjects).schemes();
                    read += subjects.size();
                    digest.update(lines.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return read == count
                && bits == schemes
                && HexFormat.of()
                        .formatHex(digest.digest())
                        .equals(granted.commitments().works());
    }

    private static boolean commits(String commitment, byte[] salts, int number, String text) {
        return HexFormat.of()
                .formatHex(Sha256.of(part(salts, number), text.getBytes(StandardCharsets.UTF_8)))
                .equals(commitment);
    }

    private static byte[] part(byte[] salts, int number) {
        return Arrays.copyOfRange(salts, number * GivenGrant.SALT_BYTES, (number + 1) * GivenGrant.SALT_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
