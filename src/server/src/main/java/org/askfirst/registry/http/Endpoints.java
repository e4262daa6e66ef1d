package org.askfirst.registry.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods and media types that each path supports. Refusals name them (RFC 9110, sections 15.5.6, 15.5.7 and
 * 15.5.16), and the framework does not.
 */
@ApplicationScoped
public class Endpoints {

    /** The end of a parameter that may have slashes. */
    private static final String SEVERAL_SEGMENTS = ": .+}";

    private record Endpoint(
            Pattern path, long placeholders, String method, List<String> consumes, List<String> produces) {}

    private static final class AnyBean extends AnnotationLiteral<Any> implements Any {
        private static final long serialVersionUID = 1L;
    }

    private final List<Endpoint> endpoints = new ArrayList<>();

    /** The methods of the paths without a parameter. */
    private final Map<String, Set<String>> plain = new HashMap<>();

    Endpoints(BeanManager beans) {
        for (Bean<?> bean : beans.getBeans(Object.class, new AnyBean())) {
            Path root = bean.getBeanClass().getAnnotation(Path.class);
            if (root != null) {
                for (Method method : bean.getBeanClass().getMethods()) {
                    add(root.value(), method);
                }
            }
        }
    }

    private void add(String root, Method method) {
        Path path = method.getAnnotation(Path.class);
        String template = root + "/" + (path == null ? "" : path.value());
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod httpMethod = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (httpMethod != null) {
                if (template.indexOf('{') < 0) {
                    plain.computeIfAbsent(path(template), any -> new HashSet<>())
                            .add(httpMethod.value());
                }
                endpoints.add(new Endpoint(
                        Pattern.compile(regex(template)),
                        template.chars().filter(character -> character == '{').count(),
                        httpMethod.value(),
                        consumes(method),
                        produces(method)));
            }
        }
    }

    private static String path(String template) {
        String path = template.replaceAll("/+", "/");
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static List<String> consumes(Method method) {
        Consumes types = method.isAnnotationPresent(Consumes.class)
                ? method.getAnnotation(Consumes.class)
                : method.getDeclaringClass().getAnnotation(Consumes.class);
        return types == null ? List.of() : List.of(types.value());
    }

    /** Returns the media types that the method answers with; empty if it does not say. */
    static List<String> produces(Method method) {
        Produces types = method.isAnnotationPresent(Produces.class)
                ? method.getAnnotation(Produces.class)
                : method.getDeclaringClass().getAnnotation(Produces.class);
        return types == null ? List.of() : List.of(types.value());
    }

    /**
     * Returns a pattern of the template: literal text, and any segment for a parameter, or several if its own pattern
     * says so. Slashes at the ends and doubled slashes do not matter.
     */
    private static String regex(String template) {
        StringBuilder regex = new StringBuilder();
        for (String segment : template.split("/+", -1)) {
            if (!segment.isEmpty()) {
                String parameter = segment.endsWith(SEVERAL_SEGMENTS) ? ".+" : "[^/]+";
                regex.append('/').append(segment.startsWith("{") ? parameter : Pattern.quote(segment));
            }
        }
        return regex.append("/?").toString();
    }

    /** Returns true if only programs use the paths that begin as this one does, so that no page is there. */
    public static boolean isOfPrograms(String path) {
        return path.startsWith("/v1/") || path.startsWith("/log/") || path.startsWith("/api/");
    }

    /**
     * Returns the methods of {@code path}, separated by commas as in the header {@code Allow}; null if no resource has
     * the path.
     */
    @Nullable String allowed(String path) {
        Set<String> methods = new TreeSet<>();
        at(path).forEach(endpoint -> methods.add(endpoint.method()));
        if (methods.isEmpty()) {
            return null;
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    /**
     * Returns true if a resource has exactly this path, without parameters, and does not support the method. Otherwise
     * the framework would take the last segment for a parameter of another resource. It costs one look into a table.
     */
    boolean hides(String method, String path) {
        Set<String> methods = plain.get(path);
        return methods != null && !methods.contains(method.equals("HEAD") ? "GET" : method);
    }

    /** Returns true if a resource has the path and does not support the method there. */
    boolean lacks(String method, String path) {
        return !at(path).isEmpty() && matching(method, path).isEmpty();
    }

    /** Returns the media types that the method accepts at {@code path}. */
    List<String> accepted(String method, String path) {
        return matching(method, path).stream()
                .flatMap(endpoint -> endpoint.consumes().stream())
                .distinct()
                .toList();
    }

    /** Returns the media types that the method answers with at {@code path}. */
    List<String> offered(String method, String path) {
        return matching(method, path).stream()
                .flatMap(endpoint -> endpoint.produces().stream())
                .distinct()
                .toList();
    }

    private List<Endpoint> matching(String method, String path) {
        String known = method.equals("HEAD") ? "GET" : method;
        return at(path).stream()
                .filter(endpoint -> endpoint.method().equals(known))
                .toList();
    }

    /** A template without a placeholder hides those that have one at the same place. */
    private List<Endpoint> at(String path) {
        List<Endpoint> matching = endpoints.stream()
                .filter(endpoint -> endpoint.path().matcher(path).matches())
                .toList();
        long fewest = matching.stream().mapToLong(Endpoint::placeholders).min().orElse(0);
        return matching.stream()
                .filter(endpoint -> endpoint.placeholders() == fewest)
                .toList();
    }
}
