package org.askfirst.subject.internal.scheme;

/** Takes the subjects that contain another, in the order in which they are added. */
public interface Containers {
    /**
     * Adds the subject {@code scheme:source[start, end)}.
     *
     * @param scheme the name of a scheme
     */
    void add(String scheme, int specificity, String source, int start, int end);
}
