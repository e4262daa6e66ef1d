package org.askfirst.registry.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Serves the contract, {@code openapi.yaml}, unchanged. */
@Path("/openapi.yaml")
public class ContractResource {
    private static final String FILE = "/openapi.yaml";

    private final byte[] contract;

    ContractResource() {
        try (InputStream file = ContractResource.class.getResourceAsStream(FILE)) {
            contract = Objects.requireNonNull(file, "the contract is not packed with the application")
                    .readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** {@code getOpenApi}. */
    @GET
    @Produces("application/yaml")
    public byte[] get() {
        return contract;
    }
}
