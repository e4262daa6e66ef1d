package org.askfirst.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.filter.Filter;
import org.askfirst.filter.FilterView;
import org.askfirst.index.Match;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.TestSubject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the filters of a registry's snapshot. It is some 25 times smaller than a {@link Snapshot}. It answers that
 * nothing is declared without a call, and asks the registry about the rest by a part of the key ({@link Ranges}). Any
 * number of threads may ask.
 *
 * <p>{@link #update} refuses what a {@link Snapshot} refuses, and the copy expires in the same way.
 */
public final class FilterCopy {
    private final Filters copy;

    private FilterCopy(Filters copy) {
        this.copy = copy;
    }

    /** The filters of a snapshot. */
    private static final class Filters extends SnapshotCopy<Filter, FilterView> {
        Filters(Path folder, String logKey, Clock clock) throws RefusedException {
            super(folder, logKey, clock);
        }

        @Override
        SnapshotFile listed(SnapshotFile entry) throws RefusedException {
            return entry.ofFilter()
                    .orElseThrow(() -> new RefusedException(Refusal.UNSUPPORTED, "the snapshot has no filters"));
        }

        @Override
        Filter read(SnapshotFile file, Path path) throws IOException, RefusedException {
            // A filter has no checksums of its own.
            if (!hash(path).equals(file.sha256())) {
                throw new RefusedException(Refusal.TAMPERED, file.path() + " has another content");
            }
            try {
                return Filter.open(path);
            } catch (Filter.UnsupportedException newer) {
                throw new RefusedException(Refusal.UNSUPPORTED, file.path() + " cannot be used: " + newer.getMessage());
            }
        }

        @Override
        boolean belongs(Filter opened, String log, SnapshotFile file) {
            return opened.ledger().equals(log)
                    && opened.position() == file.position()
                    && opened.from() == file.from()
                    && opened.isChanges() == file.isChanges();
        }

        @Override
        boolean isIntact(FilterView view) {
            // They are compared with their hashes when they are opened.
            return true;
        }

        @Override
        FilterView view(List<Filter> newestFirst) {
            return FilterView.of(newestFirst);
        }

        @Override
        void join(List<Filter> newestFirst, Path file) throws IOException {
            Filter.join(newestFirst, file);
        }

        /** Lists of changes keep what was withdrawn, so a release takes their place when they are longer than one. */
        @Override
        boolean isOutgrown(List<SnapshotFile> files, Catalog latest) {
            long changes = 0;
            for (SnapshotFile file : files.subList(1, files.size())) {
                changes += file.bytes();
            }
            return changes > files.get(0).bytes()
                    && latest.releases().get(0).position() > files.get(0).position();
        }
    }

    /**
     * Opens the copy in that folder. If the folder is empty, or if its files cannot be used, {@link #update} has to fetch
     * them first.
     *
     * @param copy the folder of the copy, which is created; a {@link Snapshot} needs another one
     * @param logKey the verifier key of the log, as {@code /log/verifier-key} gives it, from somebody you trust
     * @throws RefusedException if the copy was made with another key
     */
    public static FilterCopy open(Path copy, String logKey) throws IOException, RefusedException {
        return open(copy, logKey, Clock.systemUTC());
    }

    static FilterCopy open(Path copy, String logKey, Clock clock) throws IOException, RefusedException {
        Filters filters = new Filters(copy, logKey, clock);
        filters.open();
        return new FilterCopy(filters);
    }

    /** Returns the catalogue that is used now; null if there is none. */
    public @Nullable Catalog catalog() {
        return copy.catalog();
    }

    /**
     * Compares the content of each file of the copy with its hash.
     *
     * @throws RefusedException if there is no copy, or if a file has another length or content
     */
    public void verify() throws IOException, RefusedException {
        copy.verify();
    }

    /**
     * Fetches the newest state.
     *
     * @param source the folder of the snapshot
     * @param progress gets each file before it is fetched
     * @return the catalogue that is used from now on
     * @throws RefusedException if something is wrong; then the copy stays as it was
     * @throws IOException if the copy cannot be written, or if another process updates it
     */
    public Catalog update(SnapshotSource source, Consumer<SnapshotFile> progress) throws IOException, RefusedException {
        return copy.update(source, progress);
    }

    /** Decides about one work, which is named by everything that is known of it. */
    public Decision decide(List<String> subjects, Collection<Use> uses, Ranges registry) {
        return decideAll(List.of(subjects), uses, registry).get(0);
    }

    /**
     * Decides about many works, in their order. This needs fewer calls than one call for each.
     *
     * @param works for each work its subjects or addresses; a work without any is unreadable
     * @param uses the asked uses, at least one
     * @param registry answers what the filters cannot
     */
    public List<Decision> decideAll(List<List<String>> works, Collection<Use> uses, Ranges registry) {
        SnapshotCopy.Opened<Filter, FilterView> now = copy.opened();
        if (now == null || SnapshotCopy.isOutOfTime(now.catalog(), copy.clock.instant())) {
            return nothing(now == null ? Decision.Reason.UNREACHABLE : Decision.Reason.EXPIRED, works.size());
        }
        List<Work> read = works.stream().map(work -> Work.of(work, now.view())).toList();
        Map<String, RangeAnswer> answers = new HashMap<>();
        String log = now.catalog().log();
        ask(read.stream().map(work -> work.present).toList(), now.view(), log, registry, answers);
        List<Decision> decisions = new ArrayList<>();
        Instant moment = copy.clock.instant();
        read.forEach(work -> decisions.add(work.judge(work.present, answers, uses, now.view(), moment)));
        confirm(read, uses, registry, now.view(), log, answers, decisions);
        // Calls take time, and waits for a quota take more.
        return SnapshotCopy.isOutOfTime(now.catalog(), copy.clock.instant())
                ? nothing(Decision.Reason.EXPIRED, works.size())
                : decisions;
    }

    /**
     * Asks for all keys of the works that read allow, and judges them again. An answer of the registry is newer than the
     * filter. Meanwhile a reservation may have moved from a key that was asked to a key that the filter lacks, or from one
     * range to another. So all ranges of the work must hold at one position.
     */
    private void confirm(
            List<Work> works,
            Collection<Use> uses,
            Ranges registry,
            FilterView view,
            String log,
            Map<String, RangeAnswer> answers,
            List<Decision> decisions) {
        List<Integer> allowed = new ArrayList<>();
        for (int i = 0; i < decisions.size(); i++) {
            if (decisions.get(i).uses().containsValue(Verdict.ALLOW)) {
                allowed.add(i);
            }
        }
        ask(allowed.stream().map(i -> works.get(i).all()).toList(), view, log, registry, answers);
        for (int i : allowed) {
            Set<String> keys = works.get(i).all();
            Map<String, RangeAnswer> needed = new HashMap<>();
            keys.forEach(key -> {
                RangeAnswer answer = answers.get(Ranges.prefix(key));
                if (answer != null) {
                    needed.put(Ranges.prefix(key), answer);
                }
            });
            Map<String, RangeAnswer> aligned = registry.aligned(needed).orElse(Map.of());
            answers.putAll(aligned);
            decisions.set(i, works.get(i).judge(keys, aligned, uses, view, copy.clock.instant()));
        }
    }

    /** Adds the answers for the keys of those works. */
    private static void ask(
            List<Set<String>> keys, FilterView view, String log, Ranges registry, Map<String, RangeAnswer> answers) {
        Set<String> prefixes = new LinkedHashSet<>();
        keys.forEach(of -> of.forEach(key -> prefixes.add(Ranges.prefix(key))));
        prefixes.removeAll(answers.keySet());
        answers.putAll(registry.of(prefixes, log, view.position()));
    }

    private List<Decision> nothing(Decision.Reason reason, int count) {
        List<Decision> decisions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            decisions.add(Decision.nothing(reason, copy.clock.instant()));
        }
        return decisions;
    }

    /**
     * A work.
     *
     * @param subjects its subjects; none if a name of it cannot be read
     * @param present the keys that the filters may have, in hexadecimal
     */
    private record Work(List<Subject> subjects, Set<String> present) {
        static Work of(List<String> names, FilterView view) {
            List<Subject> subjects = WorkNames.read(names);
            Set<String> present = new LinkedHashSet<>();
            if (TestSubject.among(subjects) != null) {
                return new Work(subjects, present);
            }
            for (Subject subject : subjects) {
                if (view.mayReach(subject)) {
                    Expansion expansion = subject.expand();
                    for (int i = 0; i < expansion.size(); i++) {
                        if (view.contains(expansion.prefix64(i))) {
                            present.add(expansion.key(i).hex());
                        }
                    }
                }
            }
            return new Work(subjects, present);
        }

        /** Returns the keys of everything that may reach the work, in hexadecimal. */
        Set<String> all() {
            Set<String> all = new LinkedHashSet<>();
            if (TestSubject.among(subjects) != null) {
                return all;
            }
            for (Subject subject : subjects) {
                Expansion expansion = subject.expand();
                for (int i = 0; i < expansion.size(); i++) {
                    all.add(expansion.key(i).hex());
                }
            }
            return all;
        }

        /** Judges by what is in force under those keys. */
        Decision judge(
                Set<String> keys,
                Map<String, RangeAnswer> answers,
                Collection<Use> uses,
                FilterView view,
                Instant moment) {
            if (subjects.isEmpty()) {
                return Decision.nothing(Decision.Reason.UNREADABLE, moment);
            }
            Decision test = Decision.ofTest(subjects, uses, moment);
            if (test != null) {
                return test;
            }
            if (keys.isEmpty()) {
                return Decision.judged(List.of(), uses, view.position(), moment);
            }
            List<RangeAnswer> needed = new ArrayList<>();
            for (String key : keys) {
                RangeAnswer answer = answers.get(Ranges.prefix(key));
                if (answer == null) {
                    return Decision.nothing(Decision.Reason.UNREACHABLE, moment);
                }
                needed.add(answer);
            }
            RangeFindings findings = new RangeFindings(needed);
            List<List<Match>> reaching = new ArrayList<>();
            subjects.forEach(subject -> reaching.add(findings.reaching(subject.expand())));
            return Decision.judged(reaching, uses, view.position(), moment);
        }
    }
}
