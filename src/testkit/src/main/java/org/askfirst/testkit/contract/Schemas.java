package org.askfirst.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.oas.OpenApi31;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON Schemas (2020-12, as OpenAPI 3.1 extends it) of one contract, with {@code format} asserted. */
final class Schemas {
    private static final String LOCATION = "https://askfirst.org/openapi.yaml";

    /** The whole contract. The factory would read it again for each schema, and keep every copy. */
    private final JsonSchema document;

    private final SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .build();
    private final Map<String, JsonSchema> byPointer = new ConcurrentHashMap<>();

    Schemas(String contract) {
        // The file is more than schemas; what else stands at its root is no unknown keyword.
        JsonMetaSchema.Builder dialect = JsonMetaSchema.builder(OpenApi31.getInstance());
        for (String member : List.of(
                "openapi",
                "info",
                "jsonSchemaDialect",
                "servers",
                "paths",
                "webhooks",
                "components",
                "security",
                "tags",
                "externalDocs")) {
            dialect.keyword(new NonValidationKeyword(member));
        }
        document = JsonSchemaFactory.getInstance(
                        VersionFlag.V202012,
                        builder -> builder.metaSchema(dialect.build())
                                .defaultMetaSchemaIri(OpenApi31.getInstance().getIri())
                                .schemaLoaders(loaders -> loaders.schemas(Map.of(LOCATION, contract))))
                .getSchema(SchemaLocation.of(LOCATION), config);
    }

    /** Returns the parts of  {@code value} does not fit the schema, each at {@code where} and a JSON Pointer. */
    List<Breach> breaches(Place schema, JsonNode value, String where) {
        return byPointer
                .computeIfAbsent(
                        schema.pointer().toString(),
                        pointer -> document.getRefSchema(
                                SchemaLocation.of(LOCATION + "#" + pointer).getFragment()))
                .validate(value)
                .stream()
                .map(message -> new Breach(
                        (where + " " + message.getInstanceLocation()).strip(),
                        message.getError() + " (" + message.getType() + ")"))
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
    }
}
