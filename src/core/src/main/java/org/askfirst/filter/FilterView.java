package org.askfirst.filter;

import java.util.Arrays;
import java.util.List;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;

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

    /** Returns the position of the last entry that the view includes. */
    public long position() {
        return position;
    }

    /**
     * Returns true if a key or a site prefilter may be present, and false if it is surely absent.
     *
     * @param hash its first eight bytes, big-endian
     */
    public boolean contains(long hash) {
        return release.contains(hash) || Arrays.binarySearch(changes, hash >>> HashList.SHIFT) >= 0;
    }

    /**
     * Returns false if nothing reaches the subject, because its site prefilter is absent. If a file was made with another
     * public suffix list, its site prefilters may be others, and the answer is true.
     */
    public boolean mayReach(Subject asked) {
        return !prefiltered
                || asked.sitePrefilter().map(one -> contains(one.prefix64())).orElse(true);
    }
}
