package org.askfirst.registry.testsite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.json.CanonicalJson;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The content of the site: each page with its signals and the right answers, and each failure. The file {@code
 * site.json} has it. There, an answer that is left out is {@code unknown} for a use and {@code allow} for fetching, and
 * an umbrella stands for the uses below it unless they have answers of their own.
 *
 * @param pages the pages
 * @param origins the other sites, whose robots.txt fails
 * @param failures the simulated failures of registries
 */
record SitePlan(List<Page> pages, List<Origin> origins, List<Failure> failures) {
    /** The place of a signal that is a header of the page. */
    static final String IN_HEADER = "header";

    /** The place of a signal that is in the head of the page. */
    static final String IN_META = "meta";

    /** The name of fetching among the uses. */
    static final String FETCH = "fetch";

    private static final String UNKNOWN = "unknown";

    /**
     * A signal of a page.
     *
     * @param protocol the name of its protocol
     * @param where the path of a file of the site, {@link #IN_HEADER}, {@link #IN_META}, or {@code file} for metadata
     * @param text the exact text, in which {@code {base}} is the address of the site
     */
    record Signal(String protocol, String where, String text) {
        Map<String, Object> tree(String base) {
            return Map.of("protocol", protocol, "where", where, "text", within(text, base));
        }
    }

    /**
     * A page, or an image.
     *
     * @param right the right answer for fetching and for each use
     * @param userAgents other right answers, for crawlers with these names
     * @param registry the verdict of the registry for each use; null if the page is not about the registry
     * @param reason the reason in plain English
     * @param image the path of the image that the page shows; null for none
     * @param file the name of the jar's file that is served at the path; null for a page of HTML
     */
    record Page(
            String path,
            String title,
            List<Signal> signals,
            Map<String, String> right,
            Map<String, Map<String, String>> userAgents,
            @Nullable Map<String, String> registry,
            String reason,
            @Nullable String image,
            @Nullable String file) {
        Page {
            signals = List.copyOf(signals);
        }

        /** Returns the texts of the signals at that place. */
        List<String> signalsIn(String where) {
            return signals.stream()
                    .filter(signal -> signal.where.equals(where))
                    .map(Signal::text)
                    .toList();
        }

        Map<String, Object> tree(String base) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("address", base + path);
            tree.put("title", title);
            tree.put(
                    "signals", signals.stream().map(signal -> signal.tree(base)).toList());
            tree.put("right", right);
            tree.put("userAgents", userAgents);
            if (registry != null) {
                tree.put("registry", registry);
            }
            tree.put("reason", reason);
            return tree;
        }
    }

    /**
     * A site of its own, at another port, with one page.
     *
     * @param name the name of its failure
     * @param what the thing that its robots.txt does
     * @param right the right answer for fetching and for each use
     * @param reason the reason in plain English
     */
    record Origin(String name, String what, Map<String, String> right, String reason) {
        static final String PAGE = "/page";

        Map<String, Object> tree(String address) {
            return Map.of("address", address + PAGE, "what", what, "right", right, "reason", reason);
        }
    }

    /**
     * A registry that fails.
     *
     * @param name the name, which is a part of its address
     * @param what the thing that it does instead of answering
     * @param refusals the names of the refusal of its snapshot; each is right
     * @param after true if the refusal needs a copy that was accepted from the good registry before
     */
    record Failure(String name, String what, List<String> refusals, boolean after) {
        static final String PREFIX = "/failing/";
        static final String RIGHT = "not allowed, ask again later";

        Failure {
            refusals = List.copyOf(refusals);
        }

        String path() {
            return PREFIX + name + "/";
        }

        Map<String, Object> tree(String base) {
            return Map.of(
                    "registry",
                    base + path(),
                    "snapshot",
                    base + path() + "snapshot/",
                    "what",
                    what,
                    "startWith",
                    after ? "the accepted copy of " + base + "/registry/snapshot/" : "an empty copy",
                    "refusals",
                    refusals,
                    "right",
                    RIGHT);
        }
    }

    SitePlan {
        pages = List.copyOf(pages);
        origins = List.copyOf(origins);
        failures = List.copyOf(failures);
    }

    /** Returns the plan of the file. */
    static SitePlan read() {
        Map<?, ?> file = CanonicalJson.parseObject(Texts.read("site.json"));
        List<Page> pages = new ArrayList<>();
        for (Map<?, ?> page : maps(file.get("pages"))) {
            List<Signal> signals = new ArrayList<>();
            for (Map<?, ?> signal : maps(page.get("signals"))) {
                signals.add(new Signal(text(signal, "protocol"), text(signal, "where"), text(signal, "text")));
            }
            Map<?, ?> right = map(page.get("right"));
            Map<String, Map<String, String>> userAgents = new LinkedHashMap<>();
            map(page.get("userAgents"))
                    .forEach((name, answers) -> userAgents.put(String.valueOf(name), complete(map(answers), true)));
            pages.add(new Page(
                    text(page, "path"),
                    text(page, "title"),
                    signals,
                    complete(right, true),
                    userAgents,
                    page.get("registry") == null ? null : complete(map(page.get("registry")), false),
                    text(page, "reason"),
                    page.get("image") instanceof String image ? image : null,
                    page.get("file") instanceof String name ? name : null));
        }
        List<Origin> origins = new ArrayList<>();
        for (Map<?, ?> origin : maps(file.get("origins"))) {
            origins.add(new Origin(
                    text(origin, "name"),
                    text(origin, "what"),
                    complete(map(origin.get("right")), true),
                    text(origin, "reason")));
        }
        List<Failure> failures = new ArrayList<>();
        for (Map<?, ?> failure : maps(file.get("failures"))) {
            failures.add(new Failure(
                    text(failure, "name"),
                    text(failure, "what"),
                    texts(failure.get("refusals")),
                    Boolean.TRUE.equals(failure.get("after"))));
        }
        return new SitePlan(pages, origins, failures);
    }

    /** Returns the page at that path; empty if there is none. */
    Optional<Page> page(String path) {
        return pages.stream().filter(page -> page.path.equals(path)).findFirst();
    }

    /**
     * Returns the manifest as JSON.
     *
     * @param addresses the addresses of the other sites, by their names; those that are not served are left out
     */
    String manifest(String base, Map<String, String> addresses) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("site", base + "/");
        tree.put(
                "registry",
                Map.of(
                        "address", base + "/registry/",
                        "snapshot", base + "/registry/snapshot/",
                        "logKey", base + "/registry/log/verifier-key"));
        tree.put(
                "words",
                Map.of(
                        "allow",
                        "permitted",
                        "ask",
                        "not permitted before somebody was asked",
                        "deny",
                        "not permitted",
                        UNKNOWN,
                        "nothing is declared, which is no permission",
                        "userAgents",
                        "the right answers for crawlers with these names, instead of those in right",
                        "registry in a page",
                        "the verdicts of the registry, before the signals of the page"));
        tree.put("pages", pages.stream().map(page -> page.tree(base)).toList());
        List<Object> others = new ArrayList<>();
        for (Origin origin : origins) {
            String address = addresses.get(origin.name);
            if (address != null) {
                others.add(origin.tree(address));
            }
        }
        tree.put("origins", others);
        tree.put(
                "failures", failures.stream().map(failure -> failure.tree(base)).toList());
        return CanonicalJson.write(tree) + "\n";
    }

    /** Returns a text of the site with the site's address. */
    static String within(String text, String base) {
        return text.replace("{base}", base);
    }

    /** Returns an answer for fetching, if asked, and for each use that has none below it. */
    private static Map<String, String> complete(Map<?, ?> stated, boolean withFetch) {
        Map<String, String> answers = new LinkedHashMap<>();
        if (withFetch) {
            answers.put(FETCH, stated.get(FETCH) instanceof String fetch ? fetch : "allow");
        }
        for (Use use : Use.values()) {
            if (use.isLeaf()) {
                answers.put(use.wireName(), answer(use, stated));
            }
        }
        return answers;
    }

    private static String answer(Use leaf, Map<?, ?> stated) {
        for (Use use = leaf; use != null; use = use.umbrella()) {
            if (stated.get(use.wireName()) instanceof String answer) {
                return answer;
            }
        }
        return UNKNOWN;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<Map<?, ?>> maps(@Nullable Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(one -> maps.add(map(one)));
        }
        return maps;
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }

    private static String text(Map<?, ?> tree, String member) {
        if (tree.get(member) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("site.json lacks the text " + member);
    }
}
