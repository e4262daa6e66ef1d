package org.askfirst.engines;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.askfirst.client.Decision;
import org.askfirst.client.WorkNames;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.index.PostingRow;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * A question to a release, and the two steps of an answer that SQL does not know: the keys of a work, and the decision
 * from the rows that a join has found under them. Any number of threads use it, and it can be sent to other machines.
 */
final class Question implements Serializable {
    /** The columns that answers add. */
    static final List<String> ADDED =
            List.of("askfirst_verdict", "askfirst_reason", "matched_subject", "checked_at", "log_size");

    /** The character that stands for bytes which are not UTF-8. A name with it cannot be read. */
    static final char NOT_UTF8 = '\ufffd';

    private static final long serialVersionUID = 1;

    private final long position;
    private final List<String> register;
    private final long @Nullable [] sites;
    private final List<Use> uses;
    private final Instant moment;
    private transient volatile @Nullable IndexView view;

    /**
     * Creates a question.
     *
     * @param position the position of the release
     * @param register the rows of the register, each as one text
     * @param suffixes the version of the public suffix list of the release. If it is another one than that of this
     *     library, the site prefilters are not used
     * @param sites the site prefilters, in any order
     * @param uses the asked uses
     * @param moment the moment for which the answers are true
     */
    Question(
            long position, List<String> register, String suffixes, long[] sites, Collection<Use> uses, Instant moment) {
        if (uses.isEmpty()) {
            throw new IllegalArgumentException("no use is asked");
        }
        this.position = position;
        this.register = new ArrayList<>(register);
        this.sites = suffixes.equals(PublicSuffixes.bundled().version()) ? sites.clone() : null;
        if (this.sites != null) {
            Arrays.sort(this.sites);
        }
        this.uses = new ArrayList<>(new LinkedHashSet<>(uses));
        this.moment = moment;
        view();
    }

    Instant moment() {
        return moment;
    }

    long position() {
        return position;
    }

    private IndexView view() {
        IndexView known = view;
        if (known == null) {
            known = IndexView.of(position, RegisterTable.parse(register));
            view = known;
        }
        return known;
    }

    /** Returns the names without those that are missing or blank, as an engine has them. */
    static List<String> present(List<@Nullable String> names) {
        List<String> present = new ArrayList<>(names.size());
        for (String name : names) {
            if (name != null && !name.isBlank()) {
                present.add(name);
            }
        }
        return present;
    }

    /** Returns true if answers add a column of that name in any case, so that an earlier one is left out. */
    static boolean isAdded(String column) {
        return ADDED.stream().anyMatch(column.strip()::equalsIgnoreCase);
    }

    /** Returns the subjects of the work with these names; none if one of them cannot be read. */
    private static List<Subject> read(List<String> names) {
        return names.stream().anyMatch(name -> name.indexOf(NOT_UTF8) >= 0) ? List.of() : WorkNames.read(names);
    }

    /** Returns true if the work with these names can be read. */
    boolean isReadable(List<String> names) {
        return !read(names).isEmpty();
    }

    /** Returns true if something may reach the work with these names. */
    boolean isOpen(List<String> names) {
        return read(names).stream().anyMatch(this::isOpen);
    }

    private boolean isOpen(Subject subject) {
        long[] known = sites;
        if (known == null) {
            return true;
        }
        Optional<SubjectKey> prefilter = subject.sitePrefilter();
        return prefilter.isEmpty() || Arrays.binarySearch(known, prefilter.get().prefix64()) >= 0;
    }

    /**
     * Returns every key under which something may reach the work with these names, each once: none if nothing reaches it.
     * The result is empty if the work cannot be read.
     */
    Optional<Set<SubjectKey>> keys(List<String> names) {
        List<Subject> subjects = read(names);
        if (subjects.isEmpty()) {
            return Optional.empty();
        }
        Set<SubjectKey> keys = new LinkedHashSet<>();
        for (Subject subject : subjects) {
            if (isOpen(subject)) {
                Expansion expansion = subject.expand();
                for (int i = 0; i < expansion.size(); i++) {
                    keys.add(expansion.key(i));
                }
            }
        }
        return Optional.of(keys);
    }

    /**
     * A work with what a join has found for it.
     *
     * @param names the names of the work
     * @param found all rows under its keys, each as one text
     */
    record Joined(List<String> names, List<String> found) {}

    /** Decides about some works, in their order. */
    List<Decision> decide(List<Joined> works) {
        List<PostingRow> rows = new ArrayList<>();
        List<Subject> asked = new ArrayList<>();
        int[] counts = new int[works.size()];
        for (int i = 0; i < counts.length; i++) {
            Joined work = works.get(i);
            work.found.forEach(row -> rows.add(PostingTable.parse(row)));
            List<Subject> subjects = read(work.names);
            asked.addAll(subjects);
            counts[i] = subjects.size();
        }
        List<List<Match>> reaching = view().with(rows).reaching(asked);
        List<Decision> decisions = new ArrayList<>(works.size());
        int at = 0;
        for (int count : counts) {
            decisions.add(Decision.of(reaching.subList(at, at + count), uses, position, moment));
            at += count;
        }
        return decisions;
    }

    /** Returns the text of a decision's cell. */
    static String matched(Decision decision) {
        return Objects.requireNonNullElse(decision.matched(), "");
    }
}
