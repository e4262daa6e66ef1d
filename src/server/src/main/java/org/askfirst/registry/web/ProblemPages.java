package org.askfirst.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A page for each problem, at the path of its type. The texts are the sections of {@code docs/problems.md} and
 * {@code docs/problems.ko.md}.
 */
final class ProblemPages {
    private static final String HTML = "text/html";
    private static final String JSON = "application/json";
    private static final String ROOT = "/problems";
    private static final Pattern SECTION =
            Pattern.compile("(?ms)^## ([a-z-]+)\\n+\\*\\*(\\d{3}) · (.+?)\\*\\*\\n+(.+?)(?=\\n## |\\n# |\\z)");
    private final Map<String, Section> english = sections("/docs/problems.md");
    private final Map<String, Section> korean = sections("/docs/problems.ko.md");
    private final ObjectMapper mapper = new ObjectMapper();

    /** One problem in one language. The text is Markdown. */
    record Section(String slug, String status, String title, String text) {}

    /** An answer. */
    record Page(String mediaType, String text) {}

    static Map<String, Section> sections(String file) {
        Map<String, Section> sections = new LinkedHashMap<>();
        for (Matcher section = SECTION.matcher(Texts.require(file)); section.find(); ) {
            sections.put(
                    section.group(1),
                    new Section(
                            section.group(1),
                            section.group(2),
                            section.group(3),
                            section.group(4).strip()));
        }
        return sections;
    }

    /** Returns the page at a path, in the form and language that the request prefers; null if there is none. */
    @Nullable Page at(String path, HttpServerRequest request, String origin) {
        if (!path.startsWith(ROOT)) {
            return null;
        }
        Language language = Language.ofDocument(request);
        Map<String, Section> sections = language == Language.KOREAN ? korean : english;
        String slug = path.length() > ROOT.length() ? path.substring(ROOT.length() + 1) : "";
        Section section = sections.get(slug);
        if (section == null && !path.equals(ROOT)) {
            return null;
        }
        String accept =
                Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT)).orElse("");
        if (section != null && accept.contains(JSON)) {
            return new Page(JSON, json(section));
        }
        if (accept.contains(HTML)) {
            return new Page(HTML + ";charset=UTF-8", html(language, section, sections, origin));
        }
        return new Page("text/markdown;charset=UTF-8", section == null ? list(sections) : markdown(section));
    }

    private String json(Section section) {
        try {
            return mapper.writeValueAsString(JsonNodeFactory.instance
                    .objectNode()
                    .put("type", Problem.TYPE_BASE + section.slug())
                    .put("title", section.title())
                    .put("status", Integer.parseInt(section.status()))
                    .put("description", section.text()));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String markdown(Section section) {
        return "# " + section.slug() + "\n\n**" + section.status() + " · " + section.title() + "**\n\n" + section.text()
                + "\n";
    }

    private static String list(Map<String, Section> sections) {
        StringBuilder list = new StringBuilder("# Problems\n\n");
        sections.values()
                .forEach(section -> list.append("- [")
                        .append(section.slug())
                        .append("](/problems/")
                        .append(section.slug())
                        .append("): ")
                        .append(section.status())
                        .append(" · ")
                        .append(section.title())
                        .append('\n'));
        return list.toString();
    }

    private static String html(
            Language language, @Nullable Section section, Map<String, Section> sections, String origin) {
        String all = language == Language.KOREAN ? "모든 오류" : "All problems";
        StringBuilder main = new StringBuilder("<div class=\"page\">\n");
        if (section == null) {
            main.append("<h1>").append(all).append("</h1>\n<ul class=\"stack-s\">\n");
            for (Section each : sections.values()) {
                main.append("<li><a href=\"/problems/")
                        .append(each.slug())
                        .append("\">")
                        .append(Markdown.escape(each.title()))
                        .append("</a> <code class=\"soft\">")
                        .append(each.status())
                        .append(' ')
                        .append(each.slug())
                        .append("</code></li>\n");
            }
            main.append("</ul>\n");
        } else {
            main.append("<div class=\"intro\">\n<p class=\"soft\"><code>")
                    .append(section.status())
                    .append(' ')
                    .append(section.slug())
                    .append("</code></p>\n<h1>")
                    .append(Markdown.escape(section.title()))
                    .append("</h1>\n</div>\n<div class=\"stack narrow\">\n")
                    .append(Markdown.toHtml(section.text()))
                    .append("</div>\n<p><a href=\"/problems\">")
                    .append(all)
                    .append("</a></p>\n");
        }
        String title = section == null ? all : section.title();
        String path = section == null ? ROOT : ROOT + "/" + section.slug();
        return Layout.document(
                language,
                new Layout.Head(title, language.text("head.problem"), origin + path, origin, true),
                null,
                main.append("</div>\n").toString());
    }
}
