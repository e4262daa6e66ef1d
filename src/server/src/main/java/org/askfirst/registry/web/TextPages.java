package org.askfirst.registry.web;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;

/**
 * The pages that tell who runs the registry, and under which rules. Each is a Markdown file in each language, and a
 * whole document without scripts.
 *
 * <p>The details of the operator are settings. If one is missing, the pages mark it, and the log names it at the start.
 */
@ApplicationScoped
class TextPages {
    /** The pages, by their paths without the slash. */
    static final List<String> NAMES = List.of("about", "operator", "terms", "privacy", "faq", "status");

    private static final Logger LOG = Logger.getLogger(TextPages.class);
    private static final Pattern TITLE = Pattern.compile("(?s)^# ([^\\n]+)\\n\\n(.+?)\\n\\n");
    private static final Pattern SETTING = Pattern.compile("\\{operator\\.([a-z-]+)}");
    private static final Pattern MAIL = Pattern.compile("[^\\s@<>\"]+@[^\\s@<>\"]+");

    private final Map<Language, Map<String, Page>> pages = new EnumMap<>(Language.class);
    private final Map<String, Optional<String>> settings = new LinkedHashMap<>();

    /**
     * One page in one language.
     *
     * @param lead the first paragraph, as text
     * @param main the content as HTML
     */
    record Page(String title, String lead, String main) {}

    TextPages(OperatorConfig operator) {
        settings.put("name", operator.name());
        settings.put("representative", operator.representative());
        settings.put("address", operator.address());
        settings.put("contact", operator.contact());
        settings.put("privacy-officer", operator.privacyOfficer());
        settings.put("processors", operator.processors());
        settings.put("log-retention", operator.logRetention());
        settings.put("policy-since", operator.policySince());
        for (Language language : Language.values()) {
            Map<String, Page> own = new LinkedHashMap<>();
            for (String name : NAMES) {
                own.put(name, read(name, language));
            }
            pages.put(language, own);
        }
    }

    /** Warns of missing settings: a registry must not publish names without telling who does so. */
    void start(@Observes StartupEvent event, Mirror mirror) {
        String missing = settings.entrySet().stream()
                .filter(setting -> setting.getValue().isEmpty())
                .map(setting -> variable(setting.getKey()))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty() && !mirror.isOn()) {
            LOG.warn("The pages do not tell who operates this registry. The law requires it before names are"
                    + " published. Set " + missing);
        }
    }

    /** Returns the page with this name. */
    Page page(String name, Language language) {
        return Objects.requireNonNull(
                Objects.requireNonNull(pages.get(language)).get(name));
    }

    private Page read(String name, Language language) {
        String text = Texts.require("/texts/" + name + "." + language.tag() + ".md") + "\n\n";
        Matcher head = TITLE.matcher(text);
        if (!head.find()) {
            throw new IllegalStateException("the text " + name + " has no title and first paragraph");
        }
        String lead = head.group(2).replace('\n', ' ');
        StringBuilder main = new StringBuilder("<div class=\"page narrow-page\">\n<div class=\"intro\">\n<h1>")
                .append(Markdown.escape(head.group(1)))
                .append("</h1>\n<p class=\"lead\">")
                .append(Markdown.escape(lead))
                .append("</p>\n</div>\n");
        if (isIncomplete(text)) {
            main.append("<p class=\"note bad\"><strong>")
                    .append(language.text("operator.incomplete"))
                    .append("</strong></p>\n");
        }
        main.append("<div class=\"prose\">\n")
                .append(withSettings(Markdown.toHtml(text.substring(head.end())), language))
                .append("</div>\n</div>\n");
        return new Page(head.group(1), lead, main.toString());
    }

    private boolean isIncomplete(String text) {
        for (Matcher setting = SETTING.matcher(text); setting.find(); ) {
            if (setting(setting.group(1)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> setting(String name) {
        Optional<String> value = settings.get(name);
        if (value == null) {
            throw new IllegalStateException("a text names an unknown setting: " + name);
        }
        return value;
    }

    private String withSettings(String html, Language language) {
        return SETTING.matcher(html)
                .replaceAll(found -> Matcher.quoteReplacement(setting(found.group(1))
                        .map(TextPages::value)
                        .orElseGet(() -> "<mark class=\"missing\">" + language.text("operator.missing") + " "
                                + variable(found.group(1)) + "</mark>")));
    }

    private static String value(String text) {
        String escaped = Markdown.escape(text);
        return MAIL.matcher(text).matches() ? "<a href=\"mailto:" + escaped + "\">" + escaped + "</a>" : escaped;
    }

    private static String variable(String setting) {
        return "ASKFIRST_OPERATOR_" + setting.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
