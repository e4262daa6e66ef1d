package org.askfirst.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.askfirst.registry.http.Conditional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Serves the contract: the file {@code openapi.yaml} unchanged, and the same as JSON. */
@Path("/openapi.yaml")
public class ContractResource {
    private static final String YAML = "application/yaml";

    private final byte[] yaml;
    private final byte[] json;

    ContractResource() {
        String contract = Texts.require("/openapi.yaml");
        yaml = contract.getBytes(StandardCharsets.UTF_8);
        json = json(contract);
    }

    private static byte[] json(String contract) {
        try {
            return new ObjectMapper().writeValueAsBytes(new ObjectMapper(new YAMLFactory()).readTree(contract));
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** {@code getOpenApi}. */
    @GET
    @Produces({YAML, MediaType.APPLICATION_JSON})
    public Response get(
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange) {
        exchange.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        boolean isYaml = prefersYaml(headers);
        return typed(
                Conditional.answer(isYaml ? yaml : json, ifNoneMatch, exchange.response()),
                isYaml ? YAML : MediaType.APPLICATION_JSON);
    }

    private static boolean prefersYaml(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(MediaType.valueOf(YAML))) {
                return true;
            }
            if (accepted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the contract as JSON. */
    Response json(@Nullable String ifNoneMatch, RoutingContext exchange) {
        return typed(Conditional.answer(json, ifNoneMatch, exchange.response()), MediaType.APPLICATION_JSON);
    }

    /** Writes the bytes as they are. The framework would turn an array of bytes into JSON. */
    private static Response typed(RestResponse<byte[]> answer, String type) {
        byte[] bytes = answer.getEntity();
        @Nullable StreamingOutput body = bytes == null ? null : out -> out.write(bytes);
        return Response.status(answer.getStatus()).entity(body).type(type).build();
    }
}
