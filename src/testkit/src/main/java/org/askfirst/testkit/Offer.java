package org.askfirst.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The body with which one side offers a mandate to the other; immutable. */
public final class Offer {
    private final ObjectNode json;

    private Offer(ObjectNode json) {
        this.json = json;
    }

    /** A society offers to speak for that member. */
    public static Offer toMember(Party member) {
        return new Offer(Bodies.object("member", member.id()));
    }

    /** A member asks that society to speak for it. */
    public static Offer toSociety(Party society) {
        return new Offer(Bodies.object("society", society.id()));
    }

    /** Reaches subjects of those schemes only. */
    public Offer schemes(String... schemes) {
        return member("schemes", List.of(schemes));
    }

    /** Reaches those uses only. */
    public Offer uses(String... uses) {
        return member("uses", List.of(uses));
    }

    /** Reaches that territory only. */
    public Offer territory(String... codes) {
        return member("territory", List.of(codes));
    }

    private Offer member(String name, Object value) {
        ObjectNode copy = json.deepCopy();
        copy.setAll(Bodies.object(name, value));
        return new Offer(copy);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return json.toString();
    }
}
