package org.askfirst.registry.journey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares answers that a document shows with those of a run.
 *
 * <p>Everything must be equal, but for what differs from run to run: ids, keys, hashes and moments must look alike,
 * and whatever is shown as the same in two places must be the same in the run, and the other way round. Positions
 * must be as far apart as shown: where the ledger began does not matter.
 */
final class AnswerLikeness {
    private static final List<Pattern> SHAPES = List.of(
            Pattern.compile("p_[0-9a-hjkmnp-tv-z]{26}"),
            Pattern.compile("d_[0-9a-hjkmnp-tv-z]{26}"),
            Pattern.compile("af[ko]_[0-9a-hjkmnp-tv-z]{52,59}"),
            Pattern.compile("k_[0-9a-f]{16}"),
            Pattern.compile("[0-9a-f]{64}"),
            Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+"),
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z"),
            Pattern.compile("\\d+@\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z"));

    private static final Set<String> POSITIONS = Set.of("position", "firstPosition");

    private final Map<String, String> trueOf = new HashMap<>();
    private final Map<String, String> shownOf = new HashMap<>();
    private Optional<Long> offset = Optional.empty();

    /**
     * Returns the differences; empty if there are none.
     *
     * @param where to tell the place
     */
    Optional<String> compare(String where, JsonNode shown, JsonNode actual) {
        if (shown.isObject() && actual.isObject()) {
            return compareMembers(where, shown, actual);
        }
        if (shown.isArray() && actual.isArray() && shown.size() == actual.size()) {
            Optional<String> difference = Optional.empty();
            for (int i = 0; i < shown.size() && difference.isEmpty(); i++) {
                difference = compare(where + "/" + i, shown.get(i), actual.get(i));
            }
            return difference;
        }
        if (shown.isTextual() && actual.isTextual()) {
            return unless(isAlike(shown.textValue(), actual.textValue()), where, shown, actual);
        }
        return unless(shown.equals(actual), where, shown, actual);
    }

    private Optional<String> compareMembers(String where, JsonNode shown, JsonNode actual) {
        Set<String> names = new TreeSet<>();
        shown.fieldNames().forEachRemaining(names::add);
        actual.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String place = where + "/" + name;
            if (!shown.has(name) || !actual.has(name)) {
                return Optional.of(place + (shown.has(name) ? " is shown and not there" : " is there and not shown"));
            }
            Optional<String> difference = POSITIONS.contains(name)
                    ? comparePositions(place, shown.get(name), actual.get(name))
                    : compare(place, shown.get(name), actual.get(name));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> comparePositions(String where, JsonNode shown, JsonNode actual) {
        if (!shown.isIntegralNumber() || !actual.isIntegralNumber()) {
            return unless(false, where, shown, actual);
        }
        long apart = actual.longValue() - shown.longValue();
        if (offset.isEmpty()) {
            offset = Optional.of(apart);
        }
        return unless(apart == offset.get(), where, shown, actual);
    }

    private boolean isAlike(String shown, String actual) {
        for (Pattern shape : SHAPES) {
            if (shape.matcher(shown).matches()) {
                return shape.matcher(actual).matches()
                        && actual.equals(trueOf.computeIfAbsent(shown, first -> actual))
                        && shown.equals(shownOf.computeIfAbsent(actual, first -> shown));
            }
        }
        return shown.equals(actual);
    }

    private static Optional<String> unless(boolean alike, String where, JsonNode shown, JsonNode actual) {
        return alike ? Optional.empty() : Optional.of(where + " is shown as " + shown + " and is " + actual);
    }
}
