package org.askfirst.registry.olp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.askfirst.registry.http.Members;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The usage tokens of RSL 1.0 and the uses of this registry.
 *
 * <p>RSL's {@code ai-train} means all training, so a license of generative training alone has no token of RSL. It has the
 * name of the use as an extension token, with a prefix for {@link #NAMESPACE}.
 */
final class RslUsage {
    /** The namespace of extensions: usage tokens, and the element {@code model}. */
    static final String NAMESPACE = "https://askfirst.org/ns/rsl";

    /** The prefix of the namespace in what the registry writes. */
    static final String PREFIX = "af";

    private static final Map<String, List<Use>> TOKENS = Map.of(
            "all", List.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING),
            "ai-all", List.of(Use.AI_TRAINING, Use.AI_INPUT, Use.AI_INDEX),
            "ai-train", List.of(Use.AI_TRAINING),
            "ai-input", List.of(Use.AI_INPUT),
            "ai-index", List.of(Use.AI_INDEX),
            "search", List.of(Use.SEARCH_INDEXING));

    private RslUsage() {}

    /**
     * Reads tokens that white space separates. Extension tokens of others are left out, as RSL demands.
     *
     * @param namespaces returns the namespace of a prefix; null if there is none
     * @throws OlpRefusal {@code invalid_license} for a token that is neither of RSL 1.0 nor an extension
     */
    static Set<Use> parse(String text, UnaryOperator<@Nullable String> namespaces) {
        Set<Use> uses = EnumSet.noneOf(Use.class);
        for (String token : text.strip().split("\\s+", -1)) {
            int colon = token.indexOf(':');
            List<Use> meant = TOKENS.get(token);
            if (meant != null) {
                uses.addAll(meant);
            } else if (colon > 0) {
                if (NAMESPACE.equals(namespaces.apply(token.substring(0, colon)))) {
                    uses.add(Use.named(token.substring(colon + 1)).orElseThrow(() -> unknown(token)));
                }
            } else if (!token.isEmpty()) {
                throw unknown(token);
            }
        }
        return uses;
    }

    private static OlpRefusal unknown(String token) {
        return new OlpRefusal(
                OlpRefusal.Kind.INVALID_LICENSE,
                "RSL 1.0 has no usage " + Members.shown(token) + "; its tokens are "
                        + String.join(", ", TOKENS.keySet().stream().sorted().toList()) + ", and spaces separate them");
    }

    /** Returns the tokens that mean exactly these leaves, separated by spaces. */
    static String tokens(Set<Use> leaves) {
        List<String> tokens = new ArrayList<>();
        Set<Use> rest = EnumSet.noneOf(Use.class);
        rest.addAll(leaves);
        for (String token : List.of("ai-train", "ai-input", "ai-index", "search")) {
            Set<Use> meant = leaves(TOKENS.getOrDefault(token, List.of()));
            if (rest.containsAll(meant)) {
                tokens.add(token);
                rest.removeAll(meant);
            }
        }
        rest.forEach(use -> tokens.add(PREFIX + ":" + use.wireName()));
        return String.join(" ", tokens);
    }

    /** Returns the leaves at and below the uses. */
    static Set<Use> leaves(Iterable<Use> uses) {
        Set<Use> leaves = EnumSet.noneOf(Use.class);
        uses.forEach(use -> leaves.addAll(use.leaves()));
        return leaves;
    }

    /** Returns the uses of names that spaces separate, as a table stores them. */
    static Set<Use> ofStored(String names) {
        Set<Use> uses = EnumSet.noneOf(Use.class);
        for (String name : names.toLowerCase(Locale.ROOT).split(" ", -1)) {
            uses.add(Use.named(name).orElseThrow(() -> new IllegalStateException("no use " + name)));
        }
        return uses;
    }
}
