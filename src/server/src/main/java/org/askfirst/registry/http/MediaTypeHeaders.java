package org.askfirst.registry.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prepares the media types of a request for the framework.
 *
 * <p>A malformed media type becomes an unsupported one, so that the answer is 406 or 415. The framework throws an
 * exception for a malformed media type, and another while it writes the answer, which would become an empty 500. An
 * empty {@code Accept} counts as absent. Other names of a media type become the one that the contract uses.
 */
@ApplicationScoped
class MediaTypeHeaders {
    private static final String UNSUPPORTED = "application/x-unreadable";
    private static final int BEFORE_RESOURCES = 100;
    private static final Map<String, String> SYNONYMS = Map.of(
            "application/ndjson", Lines.MEDIA_TYPE,
            "application/jsonl", Lines.MEDIA_TYPE,
            "application/jsonlines", Lines.MEDIA_TYPE,
            "application/x-jsonlines", Lines.MEDIA_TYPE,
            "application/x-jsonl", Lines.MEDIA_TYPE,
            "text/yaml", "application/yaml",
            "application/x-yaml", "application/yaml",
            "application/vnd.oai.openapi", "application/yaml",
            "application/vnd.oai.openapi+json", MediaType.APPLICATION_JSON);

    void register(@Observes Filters filters) {
        filters.register(MediaTypeHeaders::prepare, BEFORE_RESOURCES);
    }

    private static void prepare(RoutingContext exchange) {
        MultiMap headers = exchange.request().headers();
        prepareAccept(headers);
        prepareContentType(headers);
        exchange.next();
    }

    private static void prepareAccept(MultiMap headers) {
        List<String> values = headers.getAll(HttpHeaders.ACCEPT);
        if (values.isEmpty() || (values.size() == 1 && values.get(0).equals(MediaType.WILDCARD))) {
            return;
        }
        String all = String.join(",", values);
        if (all.isBlank()) {
            headers.remove(HttpHeaders.ACCEPT);
            return;
        }
        List<String> prepared = new ArrayList<>();
        for (String mediaType : all.split(",", -1)) {
            prepared.add(prepared(mediaType));
        }
        headers.set(HttpHeaders.ACCEPT, prepared.contains(UNSUPPORTED) ? UNSUPPORTED : String.join(", ", prepared));
    }

    /** Content-Type is no list (RFC 9110, section 8.3), so two of them are malformed. */
    private static void prepareContentType(MultiMap headers) {
        List<String> values = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (values.isEmpty() || (values.size() == 1 && values.get(0).equals(MediaType.APPLICATION_JSON))) {
            return;
        }
        boolean isOne = values.size() == 1 && isOne(values.get(0));
        headers.set(HttpHeaders.CONTENT_TYPE, isOne ? prepared(values.get(0)) : UNSUPPORTED);
    }

    /** Returns true if there is no comma outside of a quoted parameter. */
    private static boolean isOne(String value) {
        boolean isQuoted = false;
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '"') {
                isQuoted = !isQuoted;
            } else if (value.charAt(i) == ',' && !isQuoted) {
                return false;
            }
        }
        return true;
    }

    private static String prepared(String mediaType) {
        String text = mediaType.strip();
        try {
            MediaType.valueOf(text);
        } catch (IllegalArgumentException malformed) {
            return UNSUPPORTED;
        }
        int parameters = text.indexOf(';');
        String name = (parameters < 0 ? text : text.substring(0, parameters)).strip();
        String usual = SYNONYMS.get(name.toLowerCase(Locale.ROOT));
        return usual == null ? text : usual + (parameters < 0 ? "" : text.substring(parameters));
    }
}
