package org.askfirst.registry.web;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.askfirst.registry.account.PublicParties;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.lookup.DeclarationAnswers;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The text of a page that scripts will fill: its heading and main facts, so that it can be read before they have loaded,
 * by programs that show links, and without scripts.
 *
 * @param title the title, without the name of the registry; empty for the home page
 * @param menu the name of the page in the menu; null if it is not there
 * @param main the content as HTML
 * @param hasFacts true if the content is about one declaration or party
 */
record AppPage(String title, String description, @Nullable String menu, String main, boolean hasFacts) {
    private static final int SHOWN_SUBJECTS = 20;

    /** Returns the text of a page that is the same for everybody. */
    static AppPage of(String name, Language language) {
        if (name.equals("home")) {
            return new AppPage("", language.text("home.lead"), null, home(language), false);
        }
        String title = language.text("title." + name);
        String heading = language.has(name + ".h1") ? language.text(name + ".h1") : title;
        String lead = language.has(name + ".lead") ? language.text(name + ".lead") : "";
        return new AppPage(
                title,
                lead.isEmpty() ? language.text("head.description") : lead,
                name,
                page(language, Markdown.escape(heading), Markdown.escape(lead), ""),
                false);
    }

    /** Returns the text for an address without a page. */
    static AppPage notFound(Language language) {
        return new AppPage(
                language.text("title.not-found"),
                language.text("not-found.text"),
                null,
                page(language, language.text("not-found.h1"), language.text("not-found.text"), ""),
                false);
    }

    private static String page(Language language, String heading, String lead, String content) {
        return "<div class=\"page\">\n<div class=\"intro\">\n<h1>" + heading + "</h1>\n"
                + (lead.isEmpty() ? "" : "<p class=\"lead\">" + lead + "</p>\n") + "</div>\n" + content
                + "<noscript><p class=\"note\">" + language.text("served.no-script") + "</p></noscript>\n</div>\n";
    }

    private static String home(Language language) {
        StringBuilder html = new StringBuilder("<div class=\"page\">\n<div class=\"intro\">\n<h1 class=\"display\">")
                .append(Markdown.escape(language.text("home.h1")))
                .append("</h1>\n<p class=\"lead\">")
                .append(Markdown.escape(language.text("home.lead")))
                .append("</p>\n</div>\n<div class=\"doors\">\n");
        door(html, language, "door first", "/declare", "home.declare");
        door(html, language, "door", "/check", "home.check");
        html.append("</div>\n<section class=\"step\">\n<h2>")
                .append(language.text("home.how"))
                .append("</h2>\n<div class=\"fields\">\n");
        for (String part : new String[] {"one", "two", "three"}) {
            html.append("<div class=\"stack-s\"><h3>")
                    .append(language.text("home.how." + part))
                    .append("</h3><p class=\"soft\">")
                    .append(language.text("home.how." + part + ".text"))
                    .append("</p></div>\n");
        }
        return html.append("</div>\n</section>\n</div>\n").toString();
    }

    private static void door(StringBuilder html, Language language, String classes, String address, String name) {
        html.append("<a class=\"")
                .append(classes)
                .append("\" href=\"")
                .append(address)
                .append("\"><span class=\"title\">")
                .append(language.text(name))
                .append("</span></a>\n");
    }

    /** Returns the text of a declaration, with the answer that a lookup of its subjects gets now. */
    static AppPage of(PublicFacts.Declared declared, Language language) {
        String title = declared.title()
                .map(Layout::plain)
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> declared.subjects().stream().findFirst().orElse(language.text("title.certificate")));
        String day = day(declared.state().latest().recordedAt());
        StringBuilder facts = new StringBuilder("<dl class=\"pairs\">\n");
        row(
                facts,
                language.text("served.status"),
                language.text("status." + declared.status().wireName()));
        if (declared.partyName() != null) {
            row(
                    facts,
                    language.text("served.party"),
                    "<a href=\"/p/" + declared.state().party() + "\">" + Layout.isolated(declared.partyName())
                            + "</a> <span class=\"hint\">" + language.text("served.party.hint") + "</span>");
        }
        subjects(facts, declared, language);
        stances(facts, declared, language);
        DeclarationAnswers.Current answers = declared.answers();
        if (answers != null) {
            row(
                    facts,
                    language.text("preview.now"),
                    language.text("strip." + answers.verdict().wireName()));
        }
        row(facts, language.text("served.recorded"), day + " (UTC)");
        facts.append("</dl>\n<p class=\"note\">")
                .append(counts(declared, language))
                .append("</p>\n");
        return new AppPage(
                title,
                language.text("served.description").replace("{day}", day),
                null,
                page(language, Layout.isolated(title), language.text("served.lead"), facts.toString()),
                true);
    }

    /** Returns whether the declaration counts now, as the page says it in its first line. */
    private static String counts(PublicFacts.Declared declared, Language language) {
        if (declared.status() != DeclarationState.Status.IN_FORCE) {
            return language.text("counts.no") + " "
                    + language.text("counts.why." + declared.status().wireName());
        }
        DeclarationAnswers.Current answers = declared.answers();
        if (answers == null) {
            return language.text("served.counts");
        }
        if (answers.applied() == 0) {
            return language.text("counts.no");
        }
        return answers.applied() == answers.asked()
                ? language.text("counts.yes")
                : language.text("counts.some")
                        .replace("{applied}", "" + answers.applied())
                        .replace("{asked}", "" + answers.asked());
    }

    private static void subjects(StringBuilder facts, PublicFacts.Declared declared, Language language) {
        StringBuilder list = new StringBuilder();
        declared.subjects().stream()
                .limit(SHOWN_SUBJECTS)
                .forEach(subject -> list.append("<div class=\"value\">")
                        .append(Layout.isolated(subject))
                        .append("</div>"));
        if (!list.isEmpty()) {
            row(facts, language.text("served.subjects"), list.toString());
        }
    }

    private static void stances(StringBuilder facts, PublicFacts.Declared declared, Language language) {
        boolean asks = declared.canBeAsked();
        Map<Use, Stance> stated = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            Optional<Stance> stance = declared.content().stances().on(use);
            if (use.isLeaf() && stance.isPresent()) {
                stated.put(use, stance.get());
            }
        }
        StringBuilder list = new StringBuilder("<ul class=\"stances\">");
        stated.forEach((use, stance) -> list.append("<li>")
                .append(language.text("use." + use.wireName()))
                .append(": ")
                .append(language.text(
                        "stance." + stance.wireName() + (stance == Stance.RESERVED && asks ? "-ask" : "")))
                .append("</li>"));
        row(facts, language.text("served.stances"), list.append("</ul>").toString());
    }

    /** Returns the text of a party. */
    static AppPage of(PublicFacts.Known party, Language language) {
        @Nullable String name = party.facts().name();
        String title = name == null || Layout.plain(name).isEmpty() ? language.text("title.party") : Layout.plain(name);
        return new AppPage(
                title,
                language.text("party.description"),
                null,
                page(language, Layout.isolated(title), language.text("party.lead"), facts(party, language)),
                true);
    }

    private static String facts(PublicFacts.Known party, Language language) {
        PublicParties.Facts facts = party.facts();
        StringBuilder html = new StringBuilder("<dl class=\"pairs\">\n");
        row(html, language.text("party.kind"), language.text("party." + facts.kind()));
        String trust = facts.trust().wireName();
        row(
                html,
                language.text("party.trust"),
                "<span class=\"strong\">" + language.text("trust." + trust) + "</span><br><span class=\"soft\">"
                        + language.text("party.trust." + trust) + "</span>");
        StringBuilder bodies = new StringBuilder();
        for (PublicParties.VouchingBody body : facts.vouchedBy()) {
            bodies.append("<div><a href=\"/p/")
                    .append(body.body())
                    .append("\">")
                    .append(Layout.isolated(body.name() == null ? body.body() : body.name()))
                    .append("</a></div>");
        }
        if (!bodies.isEmpty()) {
            row(html, language.text("party.vouched"), bodies.toString());
        }
        StringBuilder proved = new StringBuilder();
        for (PublicParties.ProvedSubject subject : facts.proved()) {
            proved.append("<div class=\"value\">")
                    .append(Layout.isolated(subject.subject()))
                    .append("</div>");
        }
        if (!proved.isEmpty()) {
            row(html, language.text("party.proved"), proved.toString());
        }
        row(
                html,
                language.text("party.count"),
                language.text("party.count.value").replace("{count}", String.valueOf(facts.declarationCount())));
        row(
                html,
                language.text("party.since"),
                language.text("party.since.value").replace("{day}", day(facts.openedAt()) + " (UTC)"));
        html.append("</dl>\n<section class=\"step\">\n<h2>")
                .append(language.text("party.declares"))
                .append("</h2>\n");
        if (party.declarations().isEmpty()) {
            return html.append("<p class=\"note\">")
                    .append(language.text("party.declares.none"))
                    .append("</p>\n</section>\n")
                    .toString();
        }
        html.append("<ul class=\"cards\">\n");
        for (DeclarationView one : party.declarations()) {
            html.append("<li class=\"card\"><a class=\"title\" href=\"/d/")
                    .append(one.id())
                    .append("\">")
                    .append(Layout.isolated(one.heading()))
                    .append("</a><span class=\"meta\">")
                    .append(day(one.recordedAt()))
                    .append(" (UTC)</span></li>\n");
        }
        return html.append("</ul>\n</section>\n").toString();
    }

    private static String day(Instant moment) {
        return DateTimeFormatter.ISO_LOCAL_DATE.format(moment.atZone(ZoneOffset.UTC));
    }

    private static void row(StringBuilder html, String name, String value) {
        html.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>\n");
    }
}
