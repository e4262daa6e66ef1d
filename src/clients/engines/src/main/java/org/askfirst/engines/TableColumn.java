package org.askfirst.engines;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of a Parquet file.
 *
 * @param name the name, which needs no quotation marks in SQL
 * @param type the type of its values, all of which may be null
 */
record TableColumn(String name, Type type) {
    /** Separates the values of a row that an engine passes on as one text. No value has it. */
    private static final String SEPARATOR = ",";

    /** The types that every engine has. */
    enum Type {
        /** Text without commas and semicolons. */
        TEXT,
        /** A signed number of 64 bits. */
        NUMBER,
        /** True or false. */
        FLAG,
        /** Bytes; hexadecimal digits in Java. */
        BYTES
    }

    static TableColumn text(String name) {
        return new TableColumn(name, Type.TEXT);
    }

    static TableColumn number(String name) {
        return new TableColumn(name, Type.NUMBER);
    }

    static TableColumn flag(String name) {
        return new TableColumn(name, Type.FLAG);
    }

    static TableColumn bytes(String name) {
        return new TableColumn(name, Type.BYTES);
    }

    /** Returns the SQL expression of a row as one text, which both DuckDB and Spark understand. */
    static String rowText(List<TableColumn> columns) {
        return rowText(columns.stream().map(TableColumn::valueText));
    }

    /** Returns the SQL expression of a row whose last columns are in the column {@code text} as one text already. */
    static String rowText(List<TableColumn> columns, String text) {
        return rowText(Stream.concat(columns.stream().map(TableColumn::valueText), Stream.of(text)));
    }

    private static String rowText(Stream<String> values) {
        return values.collect(Collectors.joining(", ", "concat_ws('" + SEPARATOR + "', ", ")"));
    }

    private String valueText() {
        return "coalesce(" + (type == Type.BYTES ? "hex(" + name + ")" : "CAST(" + name + " AS STRING)") + ", '')";
    }

    /**
     * Returns the values of a row from its text.
     *
     * @throws IllegalArgumentException if it has another number of values
     */
    static RowValues values(String text, List<TableColumn> columns) {
        String[] values = text.split(SEPARATOR, -1);
        if (values.length != columns.size()) {
            throw new IllegalArgumentException("a row of the release has " + values.length + " values: " + text);
        }
        return new RowValues(values);
    }
}
