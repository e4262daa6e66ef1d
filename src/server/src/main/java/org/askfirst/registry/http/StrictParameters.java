package org.askfirst.registry.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.askfirst.problem.Reason;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses unknown parameters, and empty ones, which the framework treats as absent. If a misspelt {@code asOf} were
 * ignored, the answer would be about another moment than the caller meant.
 */
@Singleton
class StrictParameters {
    /** Headers without which the request would mean more. */
    private static final Set<String> NEVER_EMPTY = Set.of("Idempotency-Key", "If-Match");

    private record Names(Set<String> query, List<String> headers) {}

    private final Map<Method, Names> namesByMethod = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ResourceInfo resource, RoutingContext exchange) {
        Names names = namesByMethod.computeIfAbsent(resource.getResourceMethod(), StrictParameters::namesOf);
        if (!names.query().isEmpty()) {
            exchange.queryParams().forEach(parameter -> check(parameter.getKey(), parameter.getValue(), names.query()));
        }
        for (String name : names.headers()) {
            if (exchange.request().headers().getAll(name).stream().anyMatch(String::isBlank)) {
                throw Parameters.refused(name, Reason.EMPTY, "give a value, or leave the header out");
            }
        }
    }

    private static void check(String name, String value, Set<String> known) {
        if (!known.contains(name)) {
            throw Parameters.unknown(name, List.copyOf(known));
        }
        if (value.isEmpty()) {
            throw Parameters.refused(name, Reason.EMPTY, "give a value, or leave the parameter out");
        }
    }

    /**
     * Returns the parameters that a method reads. Methods that read none are not strict. {@code Authorization} has its
     * own errors.
     */
    private static Names namesOf(Method method) {
        Set<String> query = new TreeSet<>();
        List<String> headers = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            QueryParam inQuery = parameter.getAnnotation(QueryParam.class);
            if (inQuery != null) {
                query.add(inQuery.value());
            }
            HeaderParam inHeader = parameter.getAnnotation(HeaderParam.class);
            if (inHeader != null && NEVER_EMPTY.contains(inHeader.value())) {
                headers.add(inHeader.value());
            }
        }
        return new Names(query, headers);
    }
}
