package org.askfirst.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The body of a declaration: {@code reserved("ai-training").of(url).with(terms().contact("mailto:a@example.com"))}.
 *
 * <p>Immutable: each method returns another draft, so that a test can begin several with the same words.
 */
public final class Draft {
    private final ObjectNode json;

    private Draft(ObjectNode json) {
        this.json = json;
    }

    /** A draft without any member. */
    public static Draft empty() {
        return new Draft(Bodies.object());
    }

    /** A draft that reserves those uses. */
    public static Draft reserved(String... uses) {
        return empty().reserving(uses);
    }

    /** A draft that permits those uses. */
    public static Draft permitted(String... uses) {
        return empty().permitting(uses);
    }

    /** A draft that permits those uses with terms. */
    public static Draft permittedWithTerms(String... uses) {
        return empty().and("permitted-with-terms", uses);
    }

    /** Terms without any member. */
    public static Terms terms() {
        return new Terms(Bodies.object());
    }

    /** Reserves those uses too. */
    public Draft reserving(String... uses) {
        return and("reserved", uses);
    }

    /** Permits those uses too. */
    public Draft permitting(String... uses) {
        return and("permitted", uses);
    }

    /** Declares that stance on those uses too. */
    public Draft and(String stance, String... uses) {
        ObjectNode copy = json.deepCopy();
        ObjectNode stances = copy.withObjectProperty("stances");
        for (String use : uses) {
            stances.put(use, stance);
        }
        return new Draft(copy);
    }

    /** Names those subjects. */
    public Draft of(String... subjects) {
        return member("subjects", List.of(subjects));
    }

    /** Names those subjects. */
    public Draft of(List<String> subjects) {
        return member("subjects", subjects);
    }

    /** Has a list of that title instead of subjects. */
    public Draft ofRepertoire(String title) {
        return member("repertoire", Map.of("title", title));
    }

    /** Describes a work. */
    public Draft ofWork(Map<String, ?> work) {
        return member("work", work);
    }

    /** Has those terms. */
    public Draft with(Terms terms) {
        return member("terms", terms.json);
    }

    /** Is in force from that moment. */
    public Draft from(Object moment) {
        return member("validFrom", moment.toString());
    }

    /** Is in force until that moment. */
    public Draft until(Object moment) {
        return member("validTo", moment.toString());
    }

    /** Is made under that mandate. */
    public Draft under(String mandate) {
        return member("mandate", mandate);
    }

    /** Has that member, even if the contract does not know it. */
    public Draft member(String name, Object value) {
        ObjectNode copy = json.deepCopy();
        copy.setAll(Bodies.object(name, value));
        return new Draft(copy);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return json.toString();
    }

    /** Terms of a declaration; immutable. */
    public static final class Terms {
        private final ObjectNode json;

        private Terms(ObjectNode json) {
            this.json = json;
        }

        /** Whom to ask. */
        public Terms contact(String address) {
            return member("contact", address);
        }

        /** The address of the license. */
        public Terms license(String address) {
            return member("license", address);
        }

        /** Has that member, even if the contract does not know it. */
        public Terms member(String name, Object value) {
            ObjectNode copy = json.deepCopy();
            copy.setAll(Bodies.object(name, value));
            return new Terms(copy);
        }
    }
}
