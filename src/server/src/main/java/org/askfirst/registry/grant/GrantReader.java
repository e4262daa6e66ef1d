package org.askfirst.registry.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;

/** Shows grants to other packages, for one of the two sides. */
@ApplicationScoped
public class GrantReader {
    private final Grants grants;
    private final GrantStore store;
    private final DataSource dataSource;

    GrantReader(Grants grants, GrantStore store, DataSource dataSource) {
        this.grants = grants;
        this.store = store;
        this.dataSource = dataSource;
    }

    /**
     * Returns the grant if the party is one of its sides.
     *
     * @param id as it stands in a path; it need not be an id
     */
    public Optional<GrantFacts> find(String id, PartyId reader) throws SQLException {
        return grants.find(id, reader).map(GrantFacts::of);
    }

    /** Returns the works of a grant that names them, for tests whether it covers a work. */
    public GrantCoverage coverage(GrantFacts grant) throws SQLException {
        GrantCoverage.Builder builder = new GrantCoverage.Builder(grant.works());
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            GrantStore.readKeys(connection, grant.id().number(), builder::add);
            connection.rollback();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return builder.finish();
    }

    /** Returns canonical subjects that the grant names, from a place on, in order. */
    public List<String> works(GrantFacts grant, int from, int limit) throws SQLException {
        return store.works(grant.id(), from, limit);
    }
}
