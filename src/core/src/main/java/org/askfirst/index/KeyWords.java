package org.askfirst.index;

/**
 * Compares keys that are stored in an array as four longs each, in the order of {@link
 * org.askfirst.subject.SubjectKey}.
 */
final class KeyWords {
    private KeyWords() {}

    static int compare(long[] one, int at, long[] other, int otherAt) {
        for (int i = 0; i < 4; i++) {
            int order = Long.compareUnsigned(one[at + i], other[otherAt + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
