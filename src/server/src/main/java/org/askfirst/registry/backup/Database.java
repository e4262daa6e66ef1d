package org.askfirst.registry.backup;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The address of a PostgreSQL database.
 *
 * @param url of JDBC
 * @param user null if the address names it, or none is needed
 * @param password null if none is needed
 */
public record Database(
        String url, @Nullable String user, @Nullable String password) {
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "askfirst-backup");
        return DriverManager.getConnection(url, properties);
    }
}
