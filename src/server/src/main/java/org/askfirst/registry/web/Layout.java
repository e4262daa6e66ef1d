package org.askfirst.registry.web;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts that the server writes into every page: the head, and the frame around the text. */
final class Layout {
    private static final List<String> MENU =
            List.of("declare", "check", "mine", "prove", "bulk", "members", "crawlers");
    private static final List<String> LEGAL = List.of("about", "operator", "terms", "privacy", "faq", "status");

    private static final Pattern PLACE = Pattern.compile("\\{([a-z-]+)}");

    private Layout() {}

    /**
     * The head of a page, as programs that show links read it.
     *
     * @param title the title of the page without the name of the registry; empty for the home page
     * @param description one sentence or two
     * @param address the address of the page without a parameter; null if there is no page at it
     * @param origin the address of the registry
     * @param indexed true if search engines may show the page
     */
    record Head(String title, String description, @Nullable String address, String origin, boolean indexed) {}

    static String head(Language language, Head head) {
        String brand = language.text("brand");
        String title = head.title().isEmpty()
                ? brand + " · " + language.text("registry")
                : Markdown.escape(plain(head.title())) + " · " + brand;
        String description = Markdown.escape(plain(head.description()));
        StringBuilder html = new StringBuilder("<title>" + title + "</title>\n");
        meta(html, "name", "description", description);
        if (!head.indexed()) {
            meta(html, "name", "robots", "noindex");
        }
        meta(html, "property", "og:type", "website");
        meta(html, "property", "og:site_name", brand);
        meta(html, "property", "og:title", title);
        meta(html, "property", "og:description", description);
        meta(html, "property", "og:locale", language.locale());
        meta(html, "property", "og:locale:alternate", language.other().locale());
        meta(html, "property", "og:image", Markdown.escape(head.origin()) + "/og-" + language.tag() + ".png");
        meta(html, "property", "og:image:width", "1200");
        meta(html, "property", "og:image:height", "630");
        meta(html, "property", "og:image:alt", language.text("head.image"));
        meta(html, "name", "twitter:card", "summary_large_image");
        if (head.address() != null) {
            addresses(html, Markdown.escape(head.address()));
        }
        html.append("""
                <link rel="icon" href="/app/seal.svg" type="image/svg+xml">
                <link rel="icon" href="/favicon.ico" sizes="32x32">
                <link rel="apple-touch-icon" href="/apple-touch-icon.png">
                <link rel="manifest" href="/manifest.webmanifest">
                <link rel="stylesheet" href="/app/style.css">
                """);
        return html.toString();
    }

    private static void addresses(StringBuilder html, String address) {
        meta(html, "property", "og:url", address);
        html.append("<link rel=\"canonical\" href=\"").append(address).append("\">\n");
        for (Language each : Language.values()) {
            html.append("<link rel=\"alternate\" hreflang=\"")
                    .append(each.tag())
                    .append("\" href=\"")
                    .append(address)
                    .append("?lang=")
                    .append(each.tag())
                    .append("\">\n");
        }
    }

    private static void meta(StringBuilder html, String kind, String name, String escaped) {
        html.append("<meta ")
                .append(kind)
                .append("=\"")
                .append(name)
                .append("\" content=\"")
                .append(escaped)
                .append("\">\n");
    }

    /**
     * Returns the text of a stranger in one line, without characters that turn the direction of what follows, so that it
     * cannot change the look of the text around it.
     */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u200e\\u200f\\u061c\\u2028-\\u202e\\u2066-\\u2069]+", " ")
                .strip();
    }

    /** Returns the text of a stranger as HTML that is isolated from the text around it. */
    static String isolated(String text) {
        return "<bdi>" + Markdown.escape(plain(text)) + "</bdi>";
    }

    /**
     * Returns the body of a page: menu, content and foot. It needs no script.
     *
     * @param current the name of the page in the menu; null if it is not there
     * @param main the content as HTML
     */
    static String body(Language language, @Nullable String current, String main) {
        StringBuilder menu = new StringBuilder();
        for (String name : MENU) {
            menu.append(link("/" + name, language.text("nav." + name), name.equals(current)));
        }
        StringBuilder legal = new StringBuilder();
        for (String name : LEGAL) {
            String text = language.text("foot." + name);
            legal.append(link(
                    "/" + name, name.equals("privacy") ? "<strong>" + text + "</strong>" : text, name.equals(current)));
        }
        Language other = language.other();
        String template = """
                <a class="skip" href="#content">{skip}</a>
                <header class="masthead">
                <div class="masthead-inner">
                <a class="brand" href="/"><img src="/app/seal.svg" alt="" width="32" height="32"><span>{brand}</span></a>
                <nav class="nav" aria-label="{menu-label}">
                {menu}</nav>
                <div class="tools"><a class="link-button" href="?lang={other}" lang="{other}" hreflang="{other}">{other-name}</a></div>
                </div>
                </header>
                <main id="content" tabindex="-1">
                {main}</main>
                <footer class="foot">
                <div class="foot-inner">
                <p>{silence}</p>
                <nav aria-label="{legal-label}">
                {legal}<a href="/operator#contact">{contact}</a>
                <a href="/docs/api">{api}</a>
                <a href="/log/checkpoint">{log}</a>
                </nav>
                </div>
                </footer>
                """;
        return fill(
                template,
                Map.ofEntries(
                        Map.entry("skip", language.text("skip")),
                        Map.entry("brand", language.text("brand")),
                        Map.entry("menu-label", language.text("nav.label")),
                        Map.entry("menu", menu.toString()),
                        Map.entry("other-name", other == Language.KOREAN ? "한국어" : "English"),
                        Map.entry("other", other.tag()),
                        Map.entry("silence", language.text("foot.silence")),
                        Map.entry("legal-label", language.text("foot.label")),
                        Map.entry("legal", legal.toString()),
                        Map.entry("contact", language.text("foot.contact")),
                        Map.entry("api", language.text("nav.api")),
                        Map.entry("log", language.text("foot.log")),
                        Map.entry("main", main)));
    }

    private static String link(String address, String text, boolean isCurrent) {
        return "<a href=\"" + address + "\"" + (isCurrent ? " aria-current=\"page\"" : "") + ">" + text + "</a>\n";
    }

    /** Returns a whole document that needs no script. */
    static String document(Language language, Head head, @Nullable String current, String main) {
        String template = """
                <!doctype html>
                <html lang="{lang}">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                {head}</head>
                <body>
                {body}</body>
                </html>
                """;
        return fill(
                template,
                Map.of("lang", language.tag(), "head", head(language, head), "body", body(language, current, main)));
    }

    /**
     * Fills the places of a template in one pass, so that a place which a stranger writes into a title is never filled.
     * Other text in braces stays as it is.
     */
    static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
    }
}
