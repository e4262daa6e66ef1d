package org.askfirst.testkit.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the contract: where it is and what stands there.
 *
 * <p>Going on from a place follows its {@code $ref}; the place itself keeps it, since beside the reference of
 * a schema more may be said.
 */
record Place(JsonNode document, JsonPointer pointer) {
    static Place root(JsonNode document) {
        return new Place(document, JsonPointer.empty());
    }

    /** The member or element of that name, which need not exist. */
    Place at(String name) {
        Place here = resolved();
        return new Place(document, here.pointer.appendProperty(name));
    }

    /** Where the {@code $ref} here leads, or this very place. */
    Place resolved() {
        JsonNode reference = document.at(pointer).path("$ref");
        if (!reference.isTextual()) {
            return this;
        }
        String target = reference.textValue();
        if (!target.startsWith("#/")) {
            throw new IllegalStateException("The contract refers outside itself at " + pointer + ": " + target);
        }
        return new Place(document, JsonPointer.compile(target.substring(1))).resolved();
    }

    boolean exists() {
        return !document.at(pointer).isMissingNode();
    }

    JsonNode value() {
        return resolved().raw();
    }

    String text() {
        return value().asText();
    }

    /** The names of this object's members, in the order of the file. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        value().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The elements of this array, in order; none where there is no array. */
    List<Place> elements() {
        List<Place> elements = new ArrayList<>();
        for (int i = 0; i < value().size(); i++) {
            elements.add(at(Integer.toString(i)));
        }
        return elements;
    }

    private JsonNode raw() {
        return document.at(pointer);
    }
}
