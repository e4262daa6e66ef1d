package org.askfirst.registry.testsite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes the pages of the site as HTML. */
final class HtmlPages {
    private static final String UNKNOWN = "unknown";

    private final String base;
    private final String start = Texts.read("index.html");
    private final String page = Texts.read("page.html");
    private final String style = Texts.read("style.css");

    HtmlPages(String base) {
        this.base = base;
    }

    /** Returns the start page: all pages and all failures with the right answers. */
    String start(SitePlan plan, Map<String, String> addresses) {
        StringBuilder pages = new StringBuilder();
        for (SitePlan.Page one : plan.pages()) {
            pages.append("<tr><td data-name=\"Page\"><a href=\"")
                    .append(one.path())
                    .append("\">")
                    .append(escaped(one.title()))
                    .append("</a><br><code>")
                    .append(escaped(one.path()))
                    .append("</code></td><td data-name=\"Signals\">")
                    .append(signals(one))
                    .append("</td><td data-name=\"Right answer\">")
                    .append(rights(one))
                    .append("</td><td data-name=\"Reason\">")
                    .append(escaped(one.reason()))
                    .append("</td></tr>\n");
        }
        StringBuilder origins = new StringBuilder();
        for (SitePlan.Origin origin : plan.origins()) {
            String address = addresses.get(origin.name());
            origins.append("<tr><td data-name=\"Address\"><code>")
                    .append(address == null ? "not served here" : escaped(address + SitePlan.Origin.PAGE))
                    .append("</code></td><td data-name=\"What it does\">")
                    .append(escaped(origin.what()))
                    .append("</td><td data-name=\"Right answer\">")
                    .append(grouped(origin.right()))
                    .append("</td><td data-name=\"Reason\">")
                    .append(escaped(origin.reason()))
                    .append("</td></tr>\n");
        }
        StringBuilder failures = new StringBuilder();
        for (SitePlan.Failure failure : plan.failures()) {
            failures.append("<tr><td data-name=\"Registry\"><code>")
                    .append(escaped(failure.path()))
                    .append("</code></td><td data-name=\"What it does\">")
                    .append(escaped(failure.what()))
                    .append("</td><td data-name=\"Refusal of its snapshot\"><code>")
                    .append(escaped(String.join(", ", failure.refusals())))
                    .append("</code>")
                    .append(failure.after() ? " after <code>/registry/snapshot/</code>" : "")
                    .append("</td><td data-name=\"Right behaviour\">")
                    .append(answer("deny", SitePlan.Failure.RIGHT))
                    .append("</td></tr>\n");
        }
        return filled(start)
                .replace("{pages}", pages)
                .replace("{origins}", origins)
                .replace("{failures}", failures)
                .replace("{count}", String.valueOf(plan.pages().size()));
    }

    /** Returns a page with the signals that belong into its head. */
    String page(SitePlan.Page one) {
        StringJoiner head = new StringJoiner("\n");
        one.signalsIn(SitePlan.IN_META).forEach(signal -> head.add(SitePlan.within(signal, base)));
        String image = one.image() == null ? "" : "<p><img src=\"" + one.image() + "\" alt=\"A blue square\"></p>";
        return filled(page)
                .replace("{head}", head.toString())
                .replace("{title}", escaped(one.title()))
                .replace("{image}", image)
                .replace("{signals}", signals(one))
                .replace("{rights}", rights(one))
                .replace("{reason}", escaped(one.reason()));
    }

    private String filled(String template) {
        return SitePlan.within(template.replace("{style}", style), base);
    }

    private String signals(SitePlan.Page one) {
        StringBuilder html = new StringBuilder();
        for (SitePlan.Signal signal : one.signals()) {
            html.append("<p>")
                    .append(escaped(signal.protocol()))
                    .append(", <i>")
                    .append(escaped(signal.where()))
                    .append("</i><br><code>")
                    .append(escaped(SitePlan.within(signal.text(), base)))
                    .append("</code></p>");
        }
        Map<String, String> registry = one.registry();
        if (registry != null) {
            html.append("<p>Registry</p>").append(grouped(registry));
        }
        return html.length() == 0 ? "<p>none</p>" : html.toString();
    }

    private static String rights(SitePlan.Page one) {
        Map<String, StringJoiner> agents = new LinkedHashMap<>();
        one.userAgents()
                .forEach((name, right) -> agents.computeIfAbsent(grouped(right), any -> new StringJoiner(", "))
                        .add(name));
        StringBuilder html = new StringBuilder(grouped(one.right()));
        agents.forEach((right, names) -> html.append("<p><i>For ")
                .append(escaped(names.toString()))
                .append(":</i></p>")
                .append(right));
        return html.toString();
    }

    /** Returns each answer once, with the uses that have it. */
    private static String grouped(Map<String, String> answers) {
        StringBuilder html = new StringBuilder();
        for (String verdict : List.of("allow", "ask", "deny", UNKNOWN)) {
            List<String> uses = answers.keySet().stream()
                    .filter(use -> verdict.equals(answers.get(use)))
                    .toList();
            if (!uses.isEmpty()) {
                html.append("<p>")
                        .append(answer(verdict, verdict))
                        .append(' ')
                        .append(escaped(verdict.equals(UNKNOWN) ? rest(uses, answers) : String.join(", ", uses)))
                        .append("</p>");
            }
        }
        return html.toString();
    }

    /** Returns words for the uses about which nothing is declared. */
    private static String rest(List<String> uses, Map<String, String> answers) {
        long all = answers.keySet().stream()
                .filter(use -> !use.equals(SitePlan.FETCH))
                .count();
        return uses.size() == all ? "every use" : "other uses";
    }

    private static String answer(String verdict, String text) {
        return "<b class=\"" + verdict + "\">" + escaped(text) + "</b>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
