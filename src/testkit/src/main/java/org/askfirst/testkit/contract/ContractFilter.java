package org.askfirst.testkit.contract;

import io.restassured.RestAssured;
import io.restassured.authentication.PreemptiveOAuth2HeaderScheme;
import io.restassured.config.DecoderConfig;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.http.ContentType;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Fails the test in which an exchange breaks the contract, request or answer.
 *
 * <p>An answer must be one that the contract documents, and valid by it. A request that is answered with
 * success must be valid by the contract; one that is not must be refused with a 4xx. No input gives a 5xx but
 * a documented 503. The failure names the operation, each place at fault and the reason.
 */
public final class ContractFilter implements Filter {
    private final Contract contract;

    /** Judges by the contract at the root of this repository. */
    public ContractFilter() {
        this(Contract.ofRepository());
    }

    ContractFilter(Contract contract) {
        this.contract = contract;
    }

    /** Makes every REST Assured exchange of this JVM a judged one; doing so again changes nothing. */
    public static void install() {
        RestAssured.config = configured(RestAssured.config());
        if (RestAssured.filters().stream().noneMatch(ContractFilter.class::isInstance)) {
            RestAssured.filters(new ContractFilter());
        }
    }

    /** REST Assured told that everything here is UTF-8, and that NDJSON and forms are text. */
    public static RestAssuredConfig configured(RestAssuredConfig config) {
        return config.encoderConfig(EncoderConfig.encoderConfig()
                        .defaultContentCharset(StandardCharsets.UTF_8)
                        .encodeContentTypeAs("application/x-ndjson", ContentType.TEXT)
                        .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT))
                .decoderConfig(DecoderConfig.decoderConfig().defaultContentCharset(StandardCharsets.UTF_8));
    }

    @Override
    public Response filter(
            FilterableRequestSpecification request, FilterableResponseSpecification expected, FilterContext context) {
        Message asked = new Message(headersOf(request), bodyOf(request));
        URI uri = URI.create(request.getURI());
        Response response = context.next(request, expected);
        Exchange exchange = new Exchange(
                request.getMethod(),
                uri,
                asked,
                response.statusCode(),
                new Message(byName(response.headers()), new String(response.asByteArray(), StandardCharsets.UTF_8)));
        List<Breach> breaches = contract.breaches(exchange);
        if (!breaches.isEmpty()) {
            throw new AssertionError(breaches.stream()
                    .map(breach -> "\n  " + breach)
                    .collect(Collectors.joining(
                            "",
                            contract.name(exchange) + " answered " + exchange.status() + " against the contract:",
                            "")));
        }
        return response;
    }

    private static Map<String, List<String>> headersOf(FilterableRequestSpecification request) {
        Map<String, List<String>> headers = byName(request.getHeaders());
        // REST Assured sends these two without listing them among the headers.
        if (request.getAuthenticationScheme() instanceof PreemptiveOAuth2HeaderScheme scheme) {
            headers.put("Authorization", List.of("Bearer " + scheme.getAccessToken()));
        }
        if (!headers.containsKey("Content-Type") && request.getContentType() != null) {
            headers.put("Content-Type", List.of(request.getContentType()));
        }
        return headers;
    }

    private static Map<String, List<String>> byName(Headers headers) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.asList()
                .forEach(header -> byName.computeIfAbsent(header.getName(), name -> new ArrayList<>())
                        .add(header.getValue()));
        return byName;
    }

    private static String bodyOf(FilterableRequestSpecification request) {
        Object body = request.getBody();
        if (body == null) {
            return "";
        }
        if (body instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try {
            if (body instanceof File file) {
                return Files.readString(file.toPath());
            }
            if (body instanceof InputStream stream) {
                byte[] bytes = stream.readAllBytes();
                // A stream is read once; what is sent are the same bytes.
                request.body(bytes);
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toString();
    }
}
