package org.askfirst.filter;

import java.util.List;
import org.askfirst.subject.PublicSuffixes;

/** A filter of everything and the lists of later changes, read as one. It stays as it is. */
public final class FilterView {
    private final Filter release;
    private final long[] changes;
    private final long position;
    private final boolean prefiltered;

    private FilterView(Filter release, long[] changes, long position, boolean prefiltered) {
        this.release = release;
        this.changes = changes;
        this.position = position;
        this.prefiltered = prefiltered;
    }

    /**
     * Returns a view of a filter of everything and lists of later changes.
     *
     * @param newestFirst the files, newest first; each list begins where the next file ends
     */
    public static FilterView of(List<Filter> newestFirst) {
        Filter release = newestFirst.get(newestFirst.size() - 1);
        String suffixes = PublicSuffixes.bundled().version();
        return new FilterView(
                release,
                HashList.union(newestFirst.stream().map(Filter::list).toList()),
                newestFirst.get(0).position(),
                newestFirst.stream().allMatch(one -> one.suffixes().equals(suffixes)));
    }
}
