package org.askfirst.registry.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A language of the pages.
 *
 * <p>The server chooses it, and the scripts of a page take over that choice from the {@code lang} of the document: the
 * parameter {@code lang}, else the cookie, else the header {@code Accept-Language}.
 */
enum Language {
    KOREAN("ko", "ko_KR"),
    ENGLISH("en", "en_GB");

    /** The headers and the cookie that decide, for {@code Vary}. */
    static final String VARY = "Accept, Accept-Language, Cookie";

    /** The cookie in which a person's choice is kept. {@code i18n.js} writes it too. */
    private static final String COOKIE = "lang";

    private static final String PARAMETER = "lang";

    private final String tag;
    private final String locale;
    private final Pattern accepted;

    Language(String tag, String locale) {
        this.tag = tag;
        this.locale = locale;
        this.accepted = Pattern.compile("(?:^|[,\\s])" + tag + "(?:-[a-z]+)?\\s*(?:;\\s*q\\s*=\\s*([0-9.]+))?");
    }

    /** Returns the language for a person. It is Korean if the browser names neither language nor any other. */
    static Language of(HttpServerRequest request) {
        return chosen(request).orElseGet(() -> accepted(request, isSilent(request) ? KOREAN : ENGLISH));
    }

    /** Returns the language for a text that programs read too. It is English unless somebody asks for Korean. */
    static Language ofDocument(HttpServerRequest request) {
        return chosen(request).orElseGet(() -> accepted(request, ENGLISH));
    }

    private static Optional<Language> chosen(HttpServerRequest request) {
        Cookie kept = request.getCookie(COOKIE);
        return named(request.getParam(PARAMETER)).or(() -> named(kept == null ? null : kept.getValue()));
    }

    private static Optional<Language> named(@Nullable String tag) {
        for (Language language : values()) {
            if (language.tag.equals(tag)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    private static boolean isSilent(HttpServerRequest request) {
        String languages = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
        return languages == null || languages.isBlank() || languages.strip().equals("*");
    }

    private static Language accepted(HttpServerRequest request, Language otherwise) {
        String languages = Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        double korean = KOREAN.quality(languages);
        double english = ENGLISH.quality(languages);
        if (korean == 0 && english == 0) {
            return otherwise;
        }
        if (korean == english) {
            return languages.indexOf(KOREAN.tag) < languages.indexOf(ENGLISH.tag) ? KOREAN : ENGLISH;
        }
        return korean > english ? KOREAN : ENGLISH;
    }

    private double quality(String languages) {
        Matcher matcher = accepted.matcher(languages);
        if (!matcher.find()) {
            return 0;
        }
        try {
            return matcher.group(1) == null ? 1 : Double.parseDouble(matcher.group(1));
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    /** Keeps the language of a link such as {@code ?lang=en} until the browser is closed, for pages without scripts. */
    static void keep(RoutingContext exchange) {
        named(exchange.request().getParam(PARAMETER))
                .ifPresent(language -> exchange.response()
                        .addCookie(
                                Cookie.cookie(COOKIE, language.tag).setPath("/").setSameSite(CookieSameSite.LAX)));
    }

    /** Returns the language tag, {@code ko} or {@code en}. */
    String tag() {
        return tag;
    }

    /** Returns the language and country as Open Graph writes them. */
    String locale() {
        return locale;
    }

    /** Returns the text of the pages with this name. */
    String text(String name) {
        return Words.of(tag).text(name);
    }

    /** Returns true if the pages have a text with this name. */
    boolean has(String name) {
        return Words.of(tag).has(name);
    }

    /** Returns the other language. */
    Language other() {
        return this == KOREAN ? ENGLISH : KOREAN;
    }
}
