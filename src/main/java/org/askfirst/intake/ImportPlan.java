package org.askfirst.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.declaration.MandateId;
import org.askfirst.http.Members;
import org.askfirst.sheet.Role;
import org.askfirst.sheet.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * {@code ImportPlan}: how the rows of a file are to be read, and what is declared of each.
 *
 * @param columns what each column holds, null to leave it out; null to go by what they seem to hold
 * @param mandate under which every row is declared; null where the party speaks for itself
 * @param json as it was sent, to be kept
 */
record ImportPlan(
        @Nullable List<@Nullable Role> columns,
        @Nullable String encoding,
        @Nullable String delimiter,
        @Nullable Integer sheet,
        @Nullable Long headerRow,
        boolean strict,
        @Nullable MandateId mandate,
        JsonNode json) {
    private static final int MAX_COLUMNS = 500;
    private static final int MAX_SHEETS = 1000;
    private static final int MAX_NAME = 60;
    private static final int MAX_KIND = 100;
    private static final long MAX_HEADER_ROW = 10_000;
    private static final List<String> DELIMITERS = List.of(",", "\t", ";", "|");
    private static final String[] DECLARED_ALIKE = {"stances", "terms", "validFrom", "validTo", "mandate"};

    /** Nothing said: everything as it seems to be, and nothing to declare yet. */
    static final ImportPlan NONE =
            new ImportPlan(null, null, null, null, null, false, null, JsonNodeFactory.instance.objectNode());

    /**
     * What was submitted, read strictly.
     *
     * @param reachable whether the party can be reached without the terms naming anybody
     * @throws org.askfirst.problem.ProblemException pointing at every member at fault
     */
    static ImportPlan parse(JsonNode body, boolean reachable, Instant now) {
        Members members = Members.of(
                body,
                "columns",
                "encoding",
                "delimiter",
                "sheet",
                "headerRow",
                "kind",
                "strict",
                "stances",
                "terms",
                "validFrom",
                "validTo",
                "mandate");
        List<@Nullable Role> columns = columns(members);
        String encoding = members.optionalText("encoding", MAX_NAME);
        String delimiter = members.optionalChoice("delimiter", DELIMITERS);
        Long sheet = whole(members, "sheet", MAX_SHEETS);
        Long headerRow = whole(members, "headerRow", MAX_HEADER_ROW);
        boolean strict = members.isTrue("strict");
        members.optionalText("kind", MAX_KIND);
        MandateId mandate = MandateRequest.id(members, "mandate");
        members.finish();
        ImportPlan plan = new ImportPlan(
                columns,
                encoding,
                delimiter,
                sheet == null ? null : sheet.intValue(),
                headerRow,
                strict,
                mandate,
                body);
        if (plan.declares()) {
            // By the rules of any declaration, with a subject that stands for those of the rows.
            ObjectNode probe = plan.declaration(new RowReader.Reading(
                    List.of("isbn:9788936434120"), null, List.of(), null, plan.contactOfRows(), null, List.of(), null));
            DeclarationRequest.parse(probe, reachable, now, false);
        }
        return plan;
    }

    private static @Nullable List<@Nullable Role> columns(Members members) {
        JsonNode columns = members.raw("columns");
        if (columns == null || (columns.isArray() && columns.isEmpty())) {
            return null;
        }
        if (!columns.isArray() || columns.size() > MAX_COLUMNS) {
            members.refuse("columns", "Expected a list of at most " + MAX_COLUMNS + ", an element for each column");
            return null;
        }
        List<@Nullable Role> roles = new ArrayList<>();
        for (JsonNode column : columns) {
            Role role = column.isTextual() ? Role.named(column.textValue()).orElse(null) : null;
            if (role == null && !column.isNull()) {
                members.refuse("columns", "Each is null, to leave the column out, or one of " + Role.names());
                return null;
            }
            roles.add(role);
        }
        return roles;
    }

    private static @Nullable Long whole(Members members, String name, long most) {
        if (!members.has(name)) {
            return null;
        }
        long number = members.wholeNumber(name, 0);
        if (number > most) {
            members.refuse(name, "Expected at most " + most);
        }
        return number;
    }

    /** Something in place of a contact where each row names its own; a row that does not is refused by itself. */
    private @Nullable String contactOfRows() {
        boolean own = columns != null && columns.stream().anyMatch(role -> role != null && role.isAddress());
        return own ? "https://example.com/" : null;
    }

    /** Whether it says what is to be declared. */
    boolean declares() {
        return json.has("stances");
    }

    /** The {@code DeclarationRequest} for what a row says. */
    ObjectNode declaration(RowReader.Reading row) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode declaration = nodes.objectNode();
        if (!row.subjects().isEmpty()) {
            ArrayNode subjects = declaration.putArray("subjects");
            row.subjects().forEach(subjects::add);
        }
        for (String member : DECLARED_ALIKE) {
            if (json.has(member)) {
                declaration.set(member, json.get(member));
            }
        }
        if (row.contact() != null || row.licence() != null) {
            ObjectNode terms = json.get("terms") instanceof ObjectNode given ? given.deepCopy() : nodes.objectNode();
            if (row.contact() != null) {
                terms.put("contact", row.contact());
            }
            if (row.licence() != null) {
                terms.put("license", row.licence());
            }
            declaration.set("terms", terms);
        }
        if (row.title() != null) {
            ObjectNode work = declaration.putObject("work");
            work.put("title", row.title());
            if (!row.creators().isEmpty()) {
                ArrayNode creators = work.putArray("creators");
                row.creators().forEach(creators::add);
            }
            String kind = row.kind() != null ? row.kind() : json.path("kind").textValue();
            if (kind != null) {
                work.put("kind", kind);
            }
        }
        return declaration;
    }
}
