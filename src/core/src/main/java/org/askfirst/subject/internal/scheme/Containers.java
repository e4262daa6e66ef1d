package org.askfirst.subject.internal.scheme;

/** Receives the subjects that contain another one, in the order in which they are added. */
public interface Containers {
    /**
     * Adds the subject {@code scheme:source[start, end)}.
     *
     * @param scheme the name of the scheme
     * @param specificity the specificity of the subject
     * @param source a text that contains the value
     * @param start the index of the first character of the value
     * @param end the index after its last character
     */
    void add(String scheme, int specificity, String source, int start, int end);
}
