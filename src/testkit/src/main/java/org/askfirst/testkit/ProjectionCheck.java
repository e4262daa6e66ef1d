package org.askfirst.testkit;

import java.sql.SQLException;

/** Folds entries into the rows of one projection, by other code than the service's, and compares them with its tables. */
interface ProjectionCheck {
    /** Fails unless the tables have the rows that the folded entries give. */
    void compare(LedgerSnapshot snapshot) throws SQLException;
}
