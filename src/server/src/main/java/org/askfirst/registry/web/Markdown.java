package org.askfirst.registry.web;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Turns our own Markdown into HTML: headings, paragraphs, lists, tables, code, emphasis, and links within the registry
 * or to other sites. It reads no text of others.
 */
final class Markdown {
    private static final Pattern BLOCKS = Pattern.compile("\\n{2,}");
    private static final Pattern ITEMS = Pattern.compile("(?m)^- ");
    private static final Pattern NUMBERS = Pattern.compile("(?m)^\\d+\\. ");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern STRONG = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    private static final Pattern REACHABLE = Pattern.compile("\\[([^\\]]+)]\\(((?:/|https://|mailto:|#)[^)\\s]*)\\)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)\\s]+)\\)");
    private static final Pattern ANCHOR = Pattern.compile("\\s*\\{#([a-z-]+)}$");

    private Markdown() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String toHtml(String markdown) {
        StringBuilder html = new StringBuilder();
        for (String block : BLOCKS.splitAsStream(markdown.strip()).toList()) {
            if (block.startsWith("#")) {
                // A heading ends with its line, with or without an empty line after it.
                int end = block.indexOf('\n');
                heading(html, end < 0 ? block : block.substring(0, end));
                html.append(end < 0 ? "" : toHtml(block.substring(end + 1)));
            } else if (block.startsWith("- ")) {
                list(html, "ul", ITEMS, block);
            } else if (block.startsWith("1. ")) {
                list(html, "ol", NUMBERS, block);
            } else if (block.startsWith("|")) {
                table(html, block);
            } else {
                html.append("<p>").append(inline(block)).append("</p>\n");
            }
        }
        return html.toString();
    }

    /** A heading may name its anchor: {@code ## Contact {#contact}}. */
    private static void heading(StringBuilder html, String block) {
        int level = block.indexOf(' ');
        String text = block.substring(level + 1);
        var anchor = ANCHOR.matcher(text);
        String id = anchor.find() ? " id=\"" + anchor.group(1) + "\"" : "";
        html.append(String.format(
                Locale.ROOT,
                "<h%d%s>%s</h%d>%n",
                level,
                id,
                inline(ANCHOR.matcher(text).replaceFirst("")),
                level));
    }

    private static void list(StringBuilder html, String element, Pattern marks, String block) {
        html.append('<').append(element).append(">\n");
        marks.splitAsStream(block)
                .filter(item -> !item.isBlank())
                .forEach(
                        item -> html.append("<li>").append(inline(item.strip())).append("</li>\n"));
        html.append("</").append(element).append(">\n");
    }

    /**
     * Writes a table. On narrow screens the style sheet stacks its cells, each with the name of its column. The roles keep
     * it a table for screen readers then.
     */
    private static void table(StringBuilder html, String block) {
        String[] rows = block.split("\n", -1);
        String[] names = cells(rows[0]);
        html.append("<div class=\"table-wrap\" tabindex=\"0\"><table role=\"table\">\n")
                .append("<thead role=\"rowgroup\"><tr role=\"row\">");
        for (String name : names) {
            html.append("<th scope=\"col\" role=\"columnheader\">")
                    .append(inline(name.strip()))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody role=\"rowgroup\">\n");
        for (int row = 2; row < rows.length; row++) {
            html.append("<tr role=\"row\">");
            String[] cells = cells(rows[row]);
            for (int i = 0; i < cells.length; i++) {
                html.append("<td role=\"cell\" data-label=\"")
                        .append(i < names.length ? escape(names[i].strip()) : "")
                        .append("\">")
                        .append(inline(cells[i].strip()))
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static String[] cells(String row) {
        return row.strip().replaceAll("^\\||\\|$", "").split("\\|", -1);
    }

    private static String inline(String text) {
        String html = CODE.matcher(escape(text)).replaceAll("<code>$1</code>");
        html = STRONG.matcher(html).replaceAll("<strong>$1</strong>");
        html = REACHABLE.matcher(html).replaceAll("<a href=\"$2\">$1</a>");
        return LINK.matcher(html).replaceAll("$1");
    }
}
