package org.askfirst.engines;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBScalarFunction;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/** A DuckDB in this process, which calls functions in Java. It writes to a folder if its memory is full. */
final class DuckDb implements AutoCloseable {
    private final Connection connection;
    private final Statement statement;

    /**
     * Starts it.
     *
     * @param scratch the folder for what does not fit the memory
     * @param memory the limit of its memory, such as {@code 4GB}, beside that of Java
     */
    DuckDb(Path scratch, String memory) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        statement = connection.createStatement();
        run("SET temp_directory = " + quoted(scratch.toString()));
        run("SET memory_limit = " + quoted(memory));
    }

    /** Returns a text as SQL has it. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Returns the name of a column as SQL has it. */
    static String column(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    void run(String sql) throws SQLException {
        statement.execute(sql);
    }

    /** Returns the first column of all rows. */
    List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** Returns the numbers in the first column of that many rows. */
    long[] numbers(String sql, int count) throws SQLException {
        long[] numbers = new long[count];
        try (ResultSet rows = statement.executeQuery(sql)) {
            int at = 0;
            while (rows.next()) {
                numbers[at++] = rows.getLong(1);
            }
            if (at != count) {
                throw new SQLException("there are " + at + " rows and not " + count);
            }
        }
        return numbers;
    }

    /** Defines a function of any number of texts that gives a text. */
    void define(String name, DuckDBScalarFunction function) throws SQLException {
        try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction();
                DuckDBLogicalType text = DuckDBLogicalType.of(DuckDBColumnType.VARCHAR)) {
            builder.withName(name)
                    .withVarArgs(text)
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVectorizedFunction(function)
                    .register(connection);
        }
    }

    /**
     * Writes rows to a Parquet file, in their order, without keeping them in memory.
     *
     * @param rows for each row its values, in the order of the columns
     */
    void write(String name, List<TableColumn> columns, Iterator<@Nullable Object[]> rows, Path file)
            throws SQLException {
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(name).withFunction(new Rows(columns, rows)).register(connection);
        }
        String selected = columns.stream()
                .map(column -> column.type() == TableColumn.Type.BYTES
                        ? "unhex(" + column.name() + ") AS " + column.name()
                        : column.name())
                .collect(Collectors.joining(", "));
        // The second version of the pages stores sorted numbers as differences. A row group repeats its dictionaries.
        run("COPY (SELECT " + selected + " FROM " + name + "()) TO " + quoted(file.toString())
                + " (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, ROW_GROUP_SIZE 245760)");
    }

    /** Passes rows on to DuckDB, as many as it takes at a time. */
    private static final class Rows implements DuckDBTableFunction<List<TableColumn>, Iterator<Object[]>, Object> {
        private final List<TableColumn> columns;
        private final Iterator<@Nullable Object[]> rows;

        Rows(List<TableColumn> columns, Iterator<@Nullable Object[]> rows) {
            this.columns = columns;
            this.rows = rows;
        }

        @Override
        public List<TableColumn> bind(DuckDBTableFunctionBindInfo info) {
            for (TableColumn column : columns) {
                info.addResultColumn(
                        column.name(),
                        switch (column.type()) {
                            case TEXT, BYTES -> DuckDBColumnType.VARCHAR;
                            case NUMBER -> DuckDBColumnType.BIGINT;
                            case FLAG -> DuckDBColumnType.BOOLEAN;
                        });
            }
            return columns;
        }

        @Override
        public Iterator<Object[]> init(DuckDBTableFunctionInitInfo info) {
            info.setMaxThreads(1);
            return rows;
        }

        @Override
        public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
            long count = 0;
            DuckDBWritableVector[] vectors = new DuckDBWritableVector[columns.size()];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = chunk.vector(i);
            }
            for (; count < chunk.capacity() && rows.hasNext(); count++) {
                @Nullable Object[] row = rows.next();
                for (int i = 0; i < vectors.length; i++) {
                    put(vectors[i], count, row[i]);
                }
            }
            return count;
        }

        private static void put(DuckDBWritableVector vector, long at, @Nullable Object value) {
            if (value == null) {
                vector.setNull(at);
            } else if (value instanceof Long number) {
                vector.setLong(at, number);
            } else if (value instanceof Boolean flag) {
                vector.setBoolean(at, flag);
            } else {
                vector.setString(at, value.toString());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
        connection.close();
    }
}
