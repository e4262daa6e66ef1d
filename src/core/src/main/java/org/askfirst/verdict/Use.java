package org.askfirst.verdict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to do with a work: disjoint leaves under umbrellas.
 *
 * <p>The protocols of the field disagree on what "AI training" covers, so every category of theirs is a leaf
 * or an umbrella here. {@link #SEARCH_INDEXING} stands alone: an opt-out from mining says nothing of search.
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

    /** The use called that in the contract, if there is one. */
    public static Optional<Use> named(String wireName) {
        for (Use use : values()) {
            if (use.wireName.equals(wireName)) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }

    /** Its name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Its place in {@link Stances#packed}; kept in tables and files, so it never changes. */
    int number() {
        return number;
    }

    /** The umbrella directly above; null at the top. */
    @Nullable Use umbrella() {
        return umbrella;
    }

    /** Whether nothing stands below it. */
    public boolean isLeaf() {
        return atAndBelow().size() == 1;
    }

    /** This use and every use below it, in the order of the contract. */
    public List<Use> atAndBelow() {
        return BELOW.getOrDefault(this, List.of());
    }

    /** The leaves this use stands for; of a leaf, itself. */
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
