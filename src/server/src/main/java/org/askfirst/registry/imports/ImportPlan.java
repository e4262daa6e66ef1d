package org.askfirst.registry.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.id.MandateId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.DeclarationRequest;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.mandate.MandateRequest;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Repair;
import org.askfirst.registry.table.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * {@code ImportPlan}: the way in which rows are read, and the declaration for each.
 *
 * @param columns the type of each column, null for a column that is ignored; null to use the detected types
 * @param mandate under which every row is declared that names no member; null if the party speaks for itself there
 * @param kind of every work whose row does not name a kind; null for none
 * @param template of the declarations; null if the plan does not have it yet
 * @param leaveOut the rows that are not declared
 * @param repairs that a person has accepted
 * @param json as it was sent, for storage
 */
public record ImportPlan(
        @Nullable List<@Nullable ColumnType> columns,
        @Nullable String encoding,
        @Nullable String delimiter,
        @Nullable Integer sheet,
        @Nullable Long headerRow,
        boolean strict,
        @Nullable MandateId mandate,
        @Nullable String kind,
        @Nullable DeclarationTemplate template,
        LeaveOut leaveOut,
        List<Repair> repairs,
        JsonNode json) {
    static final int MAX_COLUMNS = 500;
    /** Number of repairs that a plan may accept, and that a check lists. */
    static final int MAX_REPAIRS = 1_000;

    private static final int MAX_TEXT = 500;
    private static final int MAX_SUBJECT = 2_200;
    private static final int MAX_SHEETS = 1000;
    private static final int MAX_NAME = 60;
    private static final long MAX_HEADER_ROW = 10_000;
    private static final List<String> DELIMITERS = List.of(",", "\t", ";", "|");

    /** The empty plan: everything is detected, and there is nothing to declare yet. */
    static final ImportPlan NONE = new ImportPlan(
            null,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            null,
            LeaveOut.NOTHING,
            List.of(),
            JsonNodeFactory.instance.objectNode());

    /**
     * Reads a submitted plan strictly.
     *
     * @param reachable true if somebody can be asked even if the terms have no contact
     * @throws org.askfirst.problem.ProblemException with a violation for each wrong member
     */
    static ImportPlan parse(JsonNode body, boolean reachable, Instant now) {
        Members members = members(body);
        ImportPlan plan = read(members, body);
        if (plan.template() != null) {
            plan.template().require(members.findings(), reachable || plan.rowsNameContacts(), now);
        }
        members.finish();
        return plan;
    }

    /**
     * Reads a stored plan. It was valid when it was submitted, so rules that depend on the present are not checked
     * again.
     */
    static ImportPlan fromStored(JsonNode body) {
        Members members = members(body);
        ImportPlan plan = read(members, body);
        members.finish();
        return plan;
    }

    private static Members members(JsonNode body) {
        return Members.of(
                body,
                "columns",
                "encoding",
                "delimiter",
                "sheet",
                "headerRow",
                "kind",
                "strict",
                "leaveOut",
                "repairs",
                "stances",
                "terms",
                "validFrom",
                "validTo",
                "mandate");
    }

    private static ImportPlan read(Members members, JsonNode body) {
        List<@Nullable ColumnType> columns = columns(members);
        String encoding = members.optionalText("encoding", MAX_NAME);
        String delimiter = members.optionalChoice("delimiter", DELIMITERS);
        Long sheet = whole(members, "sheet", MAX_SHEETS);
        Long headerRow = whole(members, "headerRow", MAX_HEADER_ROW);
        boolean strict = members.isTrue("strict");
        String kind = members.optionalText("kind", DeclarationRequest.MAX_KIND);
        MandateId mandate = MandateRequest.id(members, "mandate");
        return new ImportPlan(
                columns,
                encoding,
                delimiter,
                sheet == null ? null : sheet.intValue(),
                headerRow,
                strict,
                mandate,
                kind,
                members.has("stances") ? DeclarationRequest.template(members, mandate, kind) : null,
                LeaveOut.parse(members),
                repairs(members),
                body);
    }

    private static List<Repair> repairs(Members members) {
        List<Repair> repairs = new ArrayList<>();
        for (Members repair : members.objects("repairs", MAX_REPAIRS, "column", "text", "subject")) {
            long column = repair.wholeNumber("column", 0);
            if (column >= MAX_COLUMNS) {
                repair.refuse("column", Reason.OUT_OF_RANGE, "give at most " + (MAX_COLUMNS - 1) + ", counted from 0");
            }
            String text = repair.optionalVerbatim("text", MAX_TEXT);
            repair.require("text");
            String subject = repair.text("subject", MAX_SUBJECT);
            if (text != null && subject != null && column < MAX_COLUMNS) {
                repairs.add(new Repair((int) column, text, subject));
            }
        }
        return repairs;
    }

    private static @Nullable List<@Nullable ColumnType> columns(Members members) {
        JsonNode columns = members.raw("columns");
        if (columns == null || (columns.isArray() && columns.isEmpty())) {
            return null;
        }
        if (!columns.isArray() || columns.size() > MAX_COLUMNS) {
            members.refuse(
                    "columns",
                    columns.isArray() ? Reason.TOO_MANY : Reason.NOT_A_LIST,
                    "give a list of at most " + MAX_COLUMNS + ", an element for each column");
            return null;
        }
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (JsonNode column : columns) {
            ColumnType type =
                    column.isTextual() ? ColumnType.named(column.textValue()).orElse(null) : null;
            if (type == null && !column.isNull()) {
                members.refuse(
                        "columns",
                        Reason.UNKNOWN_VALUE,
                        "each element is null, to ignore the column, or one of " + ColumnType.names());
                return null;
            }
            types.add(type);
        }
        return types;
    }

    private static @Nullable Long whole(Members members, String name, long most) {
        if (!members.has(name)) {
            return null;
        }
        long number = members.wholeNumber(name, 0);
        if (number > most) {
            members.refuse(name, Reason.OUT_OF_RANGE, "give at most " + most);
        }
        return number;
    }

    /** Returns true if rows may name whom to ask; a row that does not is refused on its own. */
    private boolean rowsNameContacts() {
        return columns != null && columns.stream().anyMatch(type -> type != null && type.isAddress());
    }

    /** Returns true if the plan has something to declare. */
    boolean declares() {
        return template != null;
    }

    /** Returns the kind of work that a row declares; null if neither row nor plan names it. */
    @Nullable String kindOf(RowReader.Reading row) {
        return row.kind() == null ? kind : row.kind();
    }
}
