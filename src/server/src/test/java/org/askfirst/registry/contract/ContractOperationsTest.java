package org.askfirst.registry.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.testkit.contract.Contract;
import org.junit.jupiter.api.Test;

/** Contract and code name the same operations. */
class ContractOperationsTest {
    private static final String CONTRACT = """
            openapi: 3.1.0
            paths:
              /v1/things:
                post:
                  requestBody: {content: {application/json: {}, application/x-ndjson: {}}}
                  responses: {'201': {content: {application/json: {}}}, '422': {content: {application/problem+json: {}}}}
              /v1/things/{id}:
                get:
                  responses: {'200': {content: {application/json: {}}}}
                delete:
                  responses: {'204': {description: gone}}
              /v1/lookups:
                post:
                  requestBody: {content: {application/json: {}}}
                  responses: {'200': {content: {application/json: {}}}}
              /openapi.yaml:
                get:
                  responses: {'200': {content: {application/yaml: {}}}}
            """;
    private static final Set<String> CONTRACT_AS_FILE = Set.of("GET /openapi.yaml");

    // The samples are interfaces that nobody implements, so that no started service ever offers them.

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @HttpMethod("QUERY")
    private @interface Query {}

    @Path("v1/things/")
    @Produces("application/json;charset=UTF-8")
    interface Things {
        @POST
        @Consumes("application/json")
        String one();

        @POST
        @Consumes("application/x-ndjson")
        @Produces({"application/json", "application/problem+json"})
        String many();

        @GET
        @Path("{id: [a-z]{2}_.+}")
        String get();

        @DELETE
        @Path("/{id}")
        void delete();

        String notAnOperation();
    }

    @Path("/v1/lookups")
    @Consumes("application/json")
    interface Lookups {
        @POST
        String post();

        @Query
        String query();
    }

    @Path("/v1/lookups")
    interface OnlyPosted {
        @POST
        String post();
    }

    @Path("/v1/things")
    interface Parted {
        @POST
        @Consumes("application/json")
        @Produces("text/html")
        String one();

        @GET
        @Path("{name}")
        String get();
    }

    @Test
    void contractAndCodeNameTheSameOperations() {
        CodeOperations code = CodeOperations.of(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.askfirst"));
        Set<String> files =
                getClass().getResource("/META-INF/resources/openapi.yaml") == null ? Set.of() : CONTRACT_AS_FILE;

        assertEquals("", String.join("\n", code.differences(Contract.ofRepository(), files)));
    }

    @Test
    void codeThatNamesTheSameHasNoDifferences() throws JsonProcessingException {
        assertEquals(Set.of(), differences(CONTRACT_AS_FILE, Things.class, Lookups.class));
    }

    @Test
    void everyDifferenceIsSeenInBothDirections() throws JsonProcessingException {
        assertEquals(
                new TreeSet<>(Set.of(
                        "DELETE /v1/things/{id} is in the contract and not in the code",
                        "GET /openapi.yaml is in the contract and not in the code",
                        "GET /v1/things/{id} is in the contract and not in the code",
                        "GET /v1/things/{name} is in the code and not in the contract: [Parted.get]",
                        "POST /v1/things answers [application/json] by the contract, [text/html] by the code: [Parted.one]",
                        "POST /v1/things reads [application/json, application/x-ndjson] by the contract,"
                                + " [application/json] by the code: [Parted.one]",
                        "QUERY /v1/lookups, the twin of POST /v1/lookups, is not in the code")),
                differences(Set.of(), Parted.class, OnlyPosted.class));
    }

    private static Set<String> differences(Set<String> files, Class<?>... resources) throws JsonProcessingException {
        return CodeOperations.of(new ClassFileImporter().importClasses(resources))
                .differences(Contract.parse(CONTRACT), files);
    }
}
