package org.askfirst.registry.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.transparency.NewestCheckpoint;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Tells in plain words if the registry works: the same checks as readiness, without what only the operator may see. */
@ApplicationScoped
class StatusPage {
    private static final String INDEX = "lookup index";

    private final Instance<HealthCheck> checks;
    private final LedgerHead head;
    private final NewestCheckpoint checkpoint;
    private final Clock clock;

    StatusPage(@Readiness Instance<HealthCheck> checks, LedgerHead head, NewestCheckpoint checkpoint, Clock clock) {
        this.checks = checks;
        this.head = head;
        this.checkpoint = checkpoint;
        this.clock = clock;
    }

    /** Returns the state of this moment as HTML. It asks the database once, for the newest checkpoint. */
    String html(Language language) {
        Map<String, HealthCheckResponse> answers = new HashMap<>();
        for (HealthCheck check : checks) {
            HealthCheckResponse answer = check.call();
            answers.put(answer.getName(), answer);
        }
        boolean looksUp = isUp(answers.get(INDEX));
        boolean records = isUp(answers.get("database")) && isUp(answers.get("storage"));
        StringBuilder html = new StringBuilder();
        html.append("<p class=\"note ")
                .append(looksUp && records ? "good" : "bad")
                .append("\"><strong>")
                .append(language.text(looksUp && records ? "status.all-well" : "status.trouble"))
                .append("</strong></p>\n<dl class=\"pairs\">\n");
        row(html, language, "status.lookups", language.text(looksUp ? "status.works" : "status.lookups.down"));
        row(html, language, "status.writes", language.text(records ? "status.works" : "status.writes.down"));
        row(html, language, "status.index", lag(language, answers.get(INDEX)));
        row(html, language, "status.checkpoint", signed(language));
        row(html, language, "status.seen", moment(language, clock.instant()));
        return html.append("</dl>\n").toString();
    }

    private static boolean isUp(@Nullable HealthCheckResponse answer) {
        return answer == null || answer.getStatus() == HealthCheckResponse.Status.UP;
    }

    private String lag(Language language, @Nullable HealthCheckResponse index) {
        Object position = index == null
                ? null
                : index.getData().map(data -> data.get("position")).orElse(null);
        if (!(position instanceof Long known)) {
            return language.text("status.index.unknown");
        }
        long behind = Math.max(0, head.position() - known);
        return behind == 0
                ? language.text("status.index.current")
                : language.text("status.index.behind").replace("{count}", number(behind));
    }

    private String signed(Language language) {
        try {
            return checkpoint
                    .read()
                    .map(newest -> language.text("status.checkpoint.value")
                            .replace("{count}", number(newest.size()))
                            .replace("{when}", moment(language, newest.publishedAt())))
                    .orElse(language.text("status.checkpoint.none"));
        } catch (SQLException unreadable) {
            return language.text("status.checkpoint.none");
        }
    }

    private static String number(long value) {
        return NumberFormat.getIntegerInstance(Locale.ENGLISH).format(value);
    }

    /** Returns the time in Korea for Koreans, and in UTC for all others. */
    static String moment(Language language, Instant moment) {
        return language == Language.KOREAN
                ? DateTimeFormatter.ofPattern("yyyy년 M월 d일 HH:mm '(KST)'", Locale.KOREAN)
                        .format(moment.atZone(ZoneId.of("Asia/Seoul")))
                : DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
                        .format(moment.atZone(ZoneId.of("UTC")));
    }

    private static void row(StringBuilder html, Language language, String name, String value) {
        html.append("<div><dt>")
                .append(language.text(name))
                .append("</dt><dd>")
                .append(value)
                .append("</dd></div>\n");
    }
}
