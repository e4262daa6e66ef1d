package org.askfirst.registry.telemetry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The path templates of the contract, such as {@code /v1/declarations/{id}}. */
final class ContractPaths {
    private static final String CONTRACT = "/openapi.yaml";
    private static final String PATHS = "paths:";
    private static final String PATH_INDENT = "  /";

    private final List<String> templates;
    private final List<String[]> segments = new ArrayList<>();

    ContractPaths(List<String> templates) {
        this.templates = List.copyOf(templates);
        this.templates.forEach(template -> segments.add(template.split("/", -1)));
    }

    /** Reads the templates from the contract that the service serves: the keys of its member {@code paths}. */
    static ContractPaths read() {
        List<String> templates = new ArrayList<>();
        try (InputStream contract =
                        Objects.requireNonNull(ContractPaths.class.getResourceAsStream(CONTRACT), CONTRACT);
                BufferedReader lines = new BufferedReader(new InputStreamReader(contract, StandardCharsets.UTF_8))) {
            boolean inPaths = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty() && line.charAt(0) != ' ' && line.charAt(0) != '#') {
                    inPaths = line.equals(PATHS);
                } else if (inPaths && line.startsWith(PATH_INDENT) && line.endsWith(":")) {
                    templates.add(line.substring(2, line.length() - 1));
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new ContractPaths(templates);
    }

    /** Returns the template that the path fits; a template without parameters comes first. */
    Optional<String> template(String path) {
        if (templates.contains(path)) {
            return Optional.of(path);
        }
        String[] asked = path.split("/", -1);
        for (int i = 0; i < templates.size(); i++) {
            if (fits(segments.get(i), asked)) {
                return Optional.of(templates.get(i));
            }
        }
        return Optional.empty();
    }

    private static boolean fits(String[] template, String[] asked) {
        if (template.length != asked.length) {
            return false;
        }
        for (int i = 0; i < template.length; i++) {
            if (!template[i].startsWith("{") && !template[i].equals(asked[i])) {
                return false;
            }
        }
        return true;
    }
}
