package org.askfirst.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The reference of the API, written from the contract when somebody first reads it: an overview, a page for each group of
 * operations, and a page with all schemas. The pages need no script.
 *
 * <p>The contract is English, and so is the content. The words around it are in the language of the reader.
 */
@Singleton
class ApiReference {
    static final String ROOT = "/docs/api";
    private static final String SCHEMAS = "schemas";
    private static final String SCHEMA_REF = "#/components/schemas/";
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete", "query");
    private static final Pattern FENCE = Pattern.compile("```\\n?(?:[a-z]+\\n)?((?s).*?)```");
    private static final int MOST_OF_AN_ENUM = 40;

    private final ObjectMapper json = new ObjectMapper();

    /** The contract; missing until the pages are written. */
    private JsonNode contract = MissingNode.getInstance();

    /** The pages of each language by the rest of their path after {@link #ROOT}. */
    private final Map<Language, Map<String, TextPages.Page>> pages = new EnumMap<>(Language.class);

    /** Writes the pages, which takes longer than the rest of the start. */
    private synchronized Map<String, TextPages.Page> pages(Language asked) {
        if (pages.isEmpty()) {
            try {
                contract = new ObjectMapper(new YAMLFactory()).readTree(Texts.require("/openapi.yaml"));
            } catch (JsonProcessingException failure) {
                throw new UncheckedIOException(failure);
            }
            for (Language language : Language.values()) {
                Map<String, TextPages.Page> own = new LinkedHashMap<>();
                own.put("", overview(language));
                for (JsonNode tag : contract.at("/tags")) {
                    own.put("/" + slug(tag.path("name").asText()), group(tag, language));
                }
                own.put("/" + SCHEMAS, schemas(language));
                pages.put(language, own);
            }
        }
        return Objects.requireNonNull(pages.get(asked));
    }

    /** Returns the page at the path; empty if there is none. Blocks the first time. */
    Optional<TextPages.Page> page(String path, Language language) {
        if (!path.startsWith(ROOT)) {
            return Optional.empty();
        }
        String rest = path.substring(ROOT.length());
        return Optional.ofNullable(pages(language).get(rest.equals("/") ? "" : rest));
    }

    /** Returns the paths of all pages. */
    List<String> paths() {
        return pages(Language.ENGLISH).keySet().stream()
                .map(rest -> ROOT + rest)
                .toList();
    }

    private static String slug(String tag) {
        return tag.toLowerCase(Locale.ROOT);
    }

    /** An operation of the contract. */
    private record Operation(String method, String path, JsonNode node, JsonNode common) {
        String id() {
            return node.path("operationId").asText();
        }
    }

    private List<Operation> operations(String tag) {
        List<Operation> found = new ArrayList<>();
        contract.path("paths").properties().forEach(path -> {
            for (String method : METHODS) {
                JsonNode node = path.getValue().path(method);
                if (node.path("tags").path(0).asText().equals(tag)) {
                    found.add(new Operation(
                            method, path.getKey(), node, path.getValue().path("parameters")));
                }
            }
        });
        return found;
    }

    private TextPages.Page overview(Language language) {
        JsonNode info = contract.path("info");
        String lead = info.path("summary").asText();
        StringBuilder html = begin(language.text("nav.api"), lead, language, "");
        html.append("<p class=\"row\"><a href=\"/openapi.yaml\">openapi.yaml</a>")
                .append(" <a href=\"/openapi.json\">openapi.json</a>")
                .append(" <span class=\"soft\">")
                .append(Markdown.escape(info.path("version").asText()))
                .append("</span></p>\n");
        for (JsonNode tag : contract.at("/tags")) {
            String name = tag.path("name").asText();
            html.append("<section class=\"step\">\n<h2><a href=\"")
                    .append(ROOT)
                    .append('/')
                    .append(slug(name))
                    .append("\">")
                    .append(Markdown.escape(name))
                    .append("</a></h2>\n<ul class=\"api-list\">\n");
            for (Operation operation : operations(name)) {
                html.append("<li><a href=\"")
                        .append(ROOT)
                        .append('/')
                        .append(slug(name))
                        .append('#')
                        .append(operation.id())
                        .append("\">")
                        .append(call(operation))
                        .append("</a> <span class=\"soft\">")
                        .append(Markdown.escape(operation.node().path("summary").asText()))
                        .append("</span></li>\n");
            }
            html.append("</ul>\n</section>\n");
        }
        html.append("<section class=\"step prose\">\n")
                .append(markdown(info.path("description").asText()))
                .append("</section>\n");
        return end(language.text("nav.api"), lead, html);
    }

    private static StringBuilder begin(String title, String lead, Language language, String current) {
        StringBuilder html = new StringBuilder("<div class=\"page api\">\n<div class=\"intro\">\n<h1>")
                .append(Markdown.escape(title))
                .append("</h1>\n<p class=\"lead\"" + (current.equals(SCHEMAS) ? "" : " lang=\"en\"") + ">")
                .append(Markdown.escape(lead))
                .append("</p>\n</div>\n");
        if (!current.isEmpty()) {
            html.append("<nav class=\"row\" aria-label=\"")
                    .append(language.text("nav.api"))
                    .append("\"><a href=\"")
                    .append(ROOT)
                    .append("\">")
                    .append(language.text("api.overview"))
                    .append("</a> <a href=\"")
                    .append(ROOT)
                    .append('/')
                    .append(SCHEMAS)
                    .append("\">")
                    .append(language.text("api.schemas"))
                    .append("</a></nav>\n");
        }
        return html.append("<div class=\"stack\" lang=\"en\">\n");
    }

    private static TextPages.Page end(String title, String lead, StringBuilder html) {
        return new TextPages.Page(title, lead, html.append("</div>\n</div>\n").toString());
    }

    private TextPages.Page group(JsonNode tag, Language language) {
        String name = tag.path("name").asText();
        String lead = tag.path("description").asText().strip().replace('\n', ' ');
        StringBuilder html = begin(name, lead.replace("`", ""), language, name);
        List<Operation> operations = operations(name);
        html.append("<ul class=\"api-list\">\n");
        for (Operation operation : operations) {
            html.append("<li><a href=\"#")
                    .append(operation.id())
                    .append("\">")
                    .append(Markdown.escape(operation.node().path("summary").asText()))
                    .append("</a></li>\n");
        }
        html.append("</ul>\n");
        operations.forEach(operation -> write(html, operation, language));
        return end(name, lead, html);
    }

    private static String call(Operation operation) {
        return "<span class=\"method " + operation.method() + "\">"
                + operation.method().toUpperCase(Locale.ROOT) + "</span> <code>" + Markdown.escape(operation.path())
                + "</code>";
    }

    private void write(StringBuilder html, Operation operation, Language language) {
        JsonNode node = operation.node();
        html.append("<section class=\"step\" id=\"")
                .append(operation.id())
                .append("\">\n<h2>")
                .append(Markdown.escape(node.path("summary").asText()))
                .append("</h2>\n<p class=\"api-call\">")
                .append(call(operation))
                .append("</p>\n<div class=\"prose\">")
                .append(markdown(node.path("description").asText()))
                .append("</div>\n");
        List<JsonNode> parameters = new ArrayList<>();
        operation.common().forEach(one -> parameters.add(resolved(one)));
        node.path("parameters").forEach(one -> parameters.add(resolved(one)));
        if (!parameters.isEmpty()) {
            heading(html, word("api.parameters", language));
            parameters(html, parameters, language);
        }
        JsonNode body = resolved(node.path("requestBody"));
        if (body.has("content")) {
            heading(html, word("api.body", language));
            contents(html, body.path("content"), language);
        }
        heading(html, word("api.answers", language));
        node.path("responses").properties().forEach(response -> {
            JsonNode answer = resolved(response.getValue());
            boolean isSuccess = response.getKey().startsWith("2");
            html.append("<div class=\"api-answer\"><p><strong>")
                    .append(Markdown.escape(response.getKey()))
                    .append("</strong> ")
                    .append(inline(answer.path("description").asText()))
                    .append("</p>\n");
            if (isSuccess) {
                contents(html, answer.path("content"), language);
            }
            html.append("</div>\n");
        });
        html.append("</section>\n");
    }

    /** Returns a word of the reader's language among English ones, marked for screen readers. */
    private static String word(String name, Language language) {
        return language == Language.ENGLISH
                ? language.text(name)
                : "<span lang=\"" + language.tag() + "\">" + language.text(name) + "</span>";
    }

    private static void heading(StringBuilder html, String text) {
        html.append("<h3>").append(text).append("</h3>\n");
    }

    private void parameters(StringBuilder html, List<JsonNode> parameters, Language language) {
        table(html, language, "api.name", "api.in", "api.type", "api.meaning");
        for (JsonNode parameter : parameters) {
            html.append("<tr><th scope=\"row\"><code>")
                    .append(Markdown.escape(parameter.path("name").asText()))
                    .append("</code>")
                    .append(required(parameter.path("required").asBoolean(), language))
                    .append("</th><td>")
                    .append(Markdown.escape(parameter.path("in").asText()))
                    .append("</td><td>")
                    .append(type(parameter.path("schema")))
                    .append("</td><td>")
                    .append(inline(parameter.path("description").asText()))
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static void table(StringBuilder html, Language language, String... columns) {
        html.append("<div class=\"table-wrap\" tabindex=\"0\"><table>\n<thead><tr>");
        for (String column : columns) {
            html.append("<th scope=\"col\">").append(word(column, language)).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
    }

    private static String required(boolean isRequired, Language language) {
        return isRequired ? " <span class=\"hint\">" + word("api.required", language) + "</span>" : "";
    }

    /** Writes the media types of a body, each with its schema and its first example. */
    private void contents(StringBuilder html, JsonNode content, Language language) {
        content.properties().forEach(type -> {
            html.append("<p><code>")
                    .append(Markdown.escape(type.getKey()))
                    .append("</code> ")
                    .append(type(type.getValue().path("schema")))
                    .append("</p>\n");
            JsonNode example = type.getValue().path("example");
            if (example.isMissingNode()) {
                Iterator<JsonNode> examples = type.getValue().path("examples").elements();
                example = examples.hasNext() ? resolved(examples.next()).path("value") : example;
            }
            if (!example.isMissingNode()) {
                html.append("<details><summary>")
                        .append(word("api.example", language))
                        .append("</summary>\n<pre tabindex=\"0\" aria-label=\"")
                        .append(language.text("api.example"))
                        .append("\"><code>")
                        .append(Markdown.escape(written(example)))
                        .append("</code></pre></details>\n");
            }
        });
    }

    private String written(JsonNode example) {
        if (example.isTextual()) {
            return example.asText();
        }
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(example);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private JsonNode resolved(JsonNode node) {
        String ref = node.path("$ref").asText();
        return ref.isEmpty() ? node : contract.at(ref.substring(1));
    }

    /** Returns the type of a value in words, with a link to a schema that has a name. */
    private static String type(JsonNode schema) {
        String ref = schema.path("$ref").asText();
        if (ref.startsWith(SCHEMA_REF)) {
            String name = Markdown.escape(ref.substring(SCHEMA_REF.length()));
            return "<a href=\"" + ROOT + "/" + SCHEMAS + "#" + name + "\">" + name + "</a>";
        }
        JsonNode values = schema.path("enum");
        if (values.isArray() && values.size() <= MOST_OF_AN_ENUM) {
            StringBuilder all = new StringBuilder();
            values.forEach(value -> all.append(all.isEmpty() ? "" : " · ")
                    .append("<code>")
                    .append(Markdown.escape(value.asText()))
                    .append("</code>"));
            return all.toString();
        }
        String type = schema.path("type").asText();
        if (type.equals("array")) {
            return "list of " + type(schema.path("items"));
        }
        StringBuilder text = new StringBuilder(Markdown.escape(type.isEmpty() ? "any" : type));
        if (schema.has("format")) {
            text.append(" (")
                    .append(Markdown.escape(schema.path("format").asText()))
                    .append(')');
        }
        limit(text, schema, "minimum", "≥ ");
        limit(text, schema, "maximum", "≤ ");
        limit(text, schema, "maxLength", "length ≤ ");
        limit(text, schema, "default", "default ");
        return text.toString();
    }

    private static void limit(StringBuilder text, JsonNode schema, String name, String words) {
        if (schema.has(name)) {
            text.append(", ")
                    .append(words)
                    .append(Markdown.escape(schema.path(name).asText()));
        }
    }

    private TextPages.Page schemas(Language language) {
        String title = language.text("api.schemas");
        StringBuilder html = begin(title, language.text("api.schemas.lead"), language, SCHEMAS);
        contract.at("/components/schemas").properties().forEach(named -> {
            JsonNode schema = named.getValue();
            html.append("<section class=\"api-schema\" id=\"")
                    .append(Markdown.escape(named.getKey()))
                    .append("\">\n<h2>")
                    .append(Markdown.escape(named.getKey()))
                    .append("</h2>\n<p>")
                    .append(inline(schema.path("description").asText()))
                    .append("</p>\n");
            if (schema.path("properties").isEmpty()) {
                html.append("<p>").append(type(schema)).append("</p>\n");
            } else {
                members(html, schema, language);
            }
            html.append("</section>\n");
        });
        return end(title, language.text("api.schemas.lead"), html);
    }

    private void members(StringBuilder html, JsonNode schema, Language language) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        table(html, language, "api.name", "api.type", "api.meaning");
        schema.path("properties")
                .properties()
                .forEach(member -> html.append("<tr><th scope=\"row\"><code>")
                        .append(Markdown.escape(member.getKey()))
                        .append("</code>")
                        .append(required(required.contains(member.getKey()), language))
                        .append("</th><td>")
                        .append(type(member.getValue()))
                        .append("</td><td>")
                        .append(inline(description(member.getValue())))
                        .append("</td></tr>\n"));
        html.append("</tbody></table></div>\n");
    }

    private String description(JsonNode member) {
        String own = member.path("description").asText();
        return own.isEmpty() ? resolved(member).path("description").asText() : own;
    }

    /** Returns one paragraph as HTML, without its element. */
    private static String inline(String text) {
        return markdown(text.strip().replaceAll("\\s*\\n\\s*", " ")).replaceAll("^<p>|</p>\\n$", "");
    }

    /** Returns the description as HTML. Its headings come below those of the page. */
    private static String markdown(String text) {
        StringBuilder html = new StringBuilder();
        var fence = FENCE.matcher(text);
        int from = 0;
        while (fence.find()) {
            html.append(Markdown.toHtml(text.substring(from, fence.start())))
                    .append("<pre tabindex=\"0\"><code>")
                    .append(Markdown.escape(fence.group(1).strip()))
                    .append("</code></pre>\n");
            from = fence.end();
        }
        return text.isBlank() ? "" : html.append(rest(text.substring(from))).toString();
    }

    private static String rest(String text) {
        return text.isBlank() ? "" : Markdown.toHtml(text);
    }
}
