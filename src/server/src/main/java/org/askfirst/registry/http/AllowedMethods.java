package org.askfirst.registry.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The methods that each path supports. A 405 must name them (RFC 9110, section 15.5.6), and the framework does not. */
@ApplicationScoped
class AllowedMethods {
    private record Endpoint(Pattern path, String method) {}

    private static final class AnyBean extends AnnotationLiteral<Any> implements Any {
        private static final long serialVersionUID = 1L;
    }

    private final List<Endpoint> endpoints = new ArrayList<>();

    AllowedMethods(BeanManager beans) {
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
                endpoints.add(new Endpoint(Pattern.compile(regex(template)), httpMethod.value()));
            }
        }
    }

    /**
     * Returns a pattern of the template: literal text, and any segment for a parameter. Slashes at the ends and doubled
     * slashes do not matter.
     */
    private static String regex(String template) {
        StringBuilder regex = new StringBuilder();
        for (String segment : template.split("/+", -1)) {
            if (!segment.isEmpty()) {
                regex.append('/').append(segment.startsWith("{") ? "[^/]+" : Pattern.quote(segment));
            }
        }
        return regex.append("/?").toString();
    }

    /** Returns the methods of {@code path}, separated by commas as in the header {@code Allow}. */
    String at(String path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.path().matcher(path).matches()) {
                methods.add(endpoint.method());
            }
        }
        return String.join(", ", methods);
    }
}
