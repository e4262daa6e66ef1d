package org.askfirst.verdict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The purpose for which somebody wants a work: a leaf, or an umbrella over leaves. The leaves are disjoint.
 *
 * <p>The protocols of the field disagree on the scope of "AI training", so each of their categories is a leaf or an
 * umbrella here. {@link #SEARCH_INDEXING} has no umbrella, because an opt-out from mining does not concern search.
 */
public enum Use {
    TEXT_AND_DATA_MINING(0, "text-and-data-mining", null),
    DATA_ANALYSIS(1, "data-analysis", TEXT_AND_DATA_MINING),
    AI_TRAINING(2, "ai-training", TEXT_AND_DATA_MINING),
    GENERATIVE_AI_TRAINING(3, "generative-ai-training", AI_TRAINING),
    NON_GENERATIVE_AI_TRAINING(4, "non-generative-ai-training", AI_TRAINING),
    AI_INPUT(5, "ai-input", TEXT_AND_DATA_MINING),
    AI_INDEX(6, "ai-index", TEXT_AND_DATA_MINING),
    SEARCH_INDEXING(7, "search-indexing", null);

    private static final Map<Use, List<Use>> BELOW = new EnumMap<>(Use.class);
    private static final Map<Use, List<Use>> LEAVES = new EnumMap<>(Use.class);

    static {
        for (Use use : values()) {
            List<Use> below = new ArrayList<>();
            for (Use other : values()) {
                if (other.isAtOrBelow(use)) {
                    below.add(other);
                }
            }
            BELOW.put(use, List.copyOf(below));
        }
        for (Use use : values()) {
            LEAVES.put(use, use.atAndBelow().stream().filter(Use::isLeaf).toList());
        }
    }

    private final int number;
    private final String wireName;
    private final @Nullable Use umbrella;

    Use(int number, String wireName, @Nullable Use umbrella) {
        this.number = number;
        this.wireName = wireName;
        this.umbrella = umbrella;
    }

    /** Returns the use with that name in the contract; empty if there is none. */
    public static Optional<Use> named(String wireName) {
        for (Use use : values()) {
            if (use.wireName.equals(wireName)) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Returns the number of this use in {@link Stances#packed}. Tables and files keep it, so it never changes. */
    int number() {
        return number;
    }

    /** Returns the umbrella directly above; null at the top. */
    public @Nullable Use umbrella() {
        return umbrella;
    }

    /** Returns true if no use is below this one. */
    public boolean isLeaf() {
        return atAndBelow().size() == 1;
    }

    /** Returns this use and every use below it, in the order of the contract. */
    public List<Use> atAndBelow() {
        return BELOW.getOrDefault(this, List.of());
    }

    /** Returns the leaves at or below this use; for a leaf, the leaf itself. */
    public List<Use> leaves() {
        return LEAVES.getOrDefault(this, List.of());
    }

    private boolean isAtOrBelow(Use other) {
        for (Use use = this; use != null; use = use.umbrella) {
            if (use == other) {
                return true;
            }
        }
        return false;
    }
}
