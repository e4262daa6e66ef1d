package org.askfirst.registry.contract;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.MediaTypes;
import org.askfirst.testkit.contract.Message;
import org.askfirst.testkit.contract.Operation;

/**
 * The operations that the code offers, read from its JAX-RS annotations.
 *
 * <p>Several methods may serve one operation, each its own media types; they are one here. A media type that
 * is given neither on the method nor on its class is not compared.
 */
final class CodeOperations {
    private final Map<String, Offer> byName = new TreeMap<>();

    private record Offer(Set<String> consumes, Set<String> produces, Set<String> methods) {}

    private CodeOperations() {}

    static CodeOperations of(JavaClasses classes) {
        CodeOperations operations = new CodeOperations();
        for (JavaClass one : classes) {
            Optional<String> root = one.tryGetAnnotationOfType(Path.class).map(Path::value);
            if (root.isPresent()) {
                one.getMethods().forEach(method -> operations.add(one, root.get(), method));
            }
        }
        return operations;
    }

    /** Every difference between code and contract, in both directions; empty if they say the same. */
    Set<String> differences(Contract contract, Set<String> servedAsFiles) {
        Set<String> differences = new TreeSet<>();
        Set<String> unmatched = new TreeSet<>(byName.keySet());
        for (Operation operation : contract.operations()) {
            String name = name(operation.method(), operation.template());
            Offer offer = byName.get(name);
            unmatched.remove(name);
            if (offer == null) {
                if (!servedAsFiles.contains(name)) {
                    differences.add(name + " is in the contract and not in the code");
                }
                continue;
            }
            compare(name, "reads", operation.consumes(), offer.consumes, offer.methods, differences);
            compare(name, "answers", operation.produces(), offer.produces, offer.methods, differences);
            if (operation.template().equals(Contract.QUERY_PATH)
                    && operation.method().equals("POST")) {
                String twin = name("QUERY", operation.template());
                unmatched.remove(twin);
                Offer query = byName.get(twin);
                if (query == null) {
                    differences.add(twin + ", the twin of " + name + ", is not in the code");
                } else {
                    compare(twin, "reads", operation.consumes(), query.consumes, query.methods, differences);
                    compare(twin, "answers", operation.produces(), query.produces, query.methods, differences);
                }
            }
        }
        for (String name : unmatched) {
            differences.add(name + " is in the code and not in the contract: "
                    + byName.getOrDefault(name, new Offer(Set.of(), Set.of(), Set.of())).methods);
        }
        return differences;
    }

    private void add(JavaClass resource, String root, JavaMethod method) {
        Optional<String> verb = verb(method);
        if (verb.isEmpty()) {
            return;
        }
        String below =
                method.tryGetAnnotationOfType(Path.class).map(Path::value).orElse("");
        String path = template(root + "/" + below);
        Offer offer = byName.computeIfAbsent(
                name(verb.get(), path), name -> new Offer(new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
        offer.methods.add(resource.getSimpleName() + "." + method.getName());
        mediaTypes(method, Consumes.class, resource).ifPresent(offer.consumes::addAll);
        mediaTypes(method, Produces.class, resource).ifPresent(offer.produces::addAll);
        // Said of answers that are refused as well; the contract lists those apart.
        offer.produces.remove(MediaTypes.PROBLEM);
    }

    /** The verb of {@code @GET} and its like, or of our own such as {@code @QUERY}. */
    private static Optional<String> verb(JavaMethod method) {
        return method.getAnnotations().stream()
                .map(JavaAnnotation::getRawType)
                .flatMap(type -> type.tryGetAnnotationOfType(HttpMethod.class).stream())
                .map(HttpMethod::value)
                .findFirst();
    }

    private static Optional<Set<String>> mediaTypes(
            HasAnnotations<?> method,
            Class<? extends java.lang.annotation.Annotation> kind,
            HasAnnotations<?> resource) {
        return valuesOf(method, kind).or(() -> valuesOf(resource, kind));
    }

    private static Optional<Set<String>> valuesOf(
            HasAnnotations<?> where, Class<? extends java.lang.annotation.Annotation> kind) {
        return where.tryGetAnnotationOfType(kind.getName())
                .flatMap(annotation -> annotation.get("value"))
                .map(value -> Arrays.stream((Object[]) value)
                        .flatMap(one -> Arrays.stream(one.toString().split(",")))
                        .map(Message::withoutParameters)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static void compare(
            String name,
            String verb,
            Set<String> contract,
            Set<String> code,
            Set<String> methods,
            Set<String> differences) {
        // What a class says for all its methods says nothing of one without a body.
        if (!contract.isEmpty() && !code.isEmpty() && !code.equals(contract)) {
            differences.add(
                    name + " " + verb + " " + contract + " by the contract, " + code + " by the code: " + methods);
        }
    }

    private static String name(String verb, String path) {
        return verb + " " + template(path);
    }

    /** One leading slash, none double, none at the end, and no expressions: JAX-RS tells those no apart. */
    private static String template(String path) {
        String template = ("/" + path)
                .replaceAll("\\{\\s*([\\w.-]+)\\s*:[^{}]*(\\{[^{}]*}[^{}]*)*}", "{$1}")
                .replaceAll("/+", "/");
        return template.length() > 1 && template.endsWith("/")
                ? template.substring(0, template.length() - 1)
                : template;
    }
}
