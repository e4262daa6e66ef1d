package org.askfirst.registry.repertoire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;

/** Steps that become one entry of the ledger. No two of them share a subject key. */
final class Delta {
    /** Number of subjects: as many as a declaration may name, so that no entry is larger than others. */
    static final int MAX_STEPS = 100;

    /** Number of bytes of subjects: the entry fits a bundle of the log, even if each byte is written as two. */
    static final int MAX_BYTES = 31_000;

    private final List<Step> steps = new ArrayList<>();
    private final Set<SubjectKey> keys = new HashSet<>();
    private int bytes;

    /** Adds or removes one subject. */
    record Step(boolean adds, Subject subject) {}

    /** The subjects that a list gains and loses by a delta; without those that it has, or lacks, already. */
    record Change(List<Subject> added, List<Subject> removed) {
        boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty();
        }
    }

    /**
     * The result of a step.
     *
     * @param position of the entry that lists the subject, or removes it; 0 if it was never listed
     * @param fresh true if the step was recorded now; false if the list did not need the change
     * @param pending whether the statement does not apply to the subject yet
     */
    record StepResult(Step step, long position, boolean fresh, boolean pending) {}

    boolean isEmpty() {
        return steps.isEmpty();
    }

    boolean hasRoomFor(Step step) {
        return steps.size() < MAX_STEPS
                && (steps.isEmpty() || bytes + bytes(step.subject()) <= MAX_BYTES)
                && step.subject().indexedAs().stream().noneMatch(as -> keys.contains(as.key()));
    }

    void add(Step step) {
        steps.add(step);
        step.subject().indexedAs().forEach(as -> keys.add(as.key()));
        bytes += bytes(step.subject());
    }

    List<Subject> subjects() {
        return steps.stream().map(Step::subject).toList();
    }

    List<Subject> addedSubjects() {
        return steps.stream().filter(Step::adds).map(Step::subject).toList();
    }

    /**
     * How it changes a list.
     *
     * @param listed the subjects of the steps that are listed, each with the position of the entry that listed it
     */
    Change changeOf(Map<String, Long> listed) {
        List<Subject> added = new ArrayList<>();
        List<Subject> removed = new ArrayList<>();
        for (Step step : steps) {
            if (step.adds() != listed.containsKey(step.subject().canonical())) {
                (step.adds() ? added : removed).add(step.subject());
            }
        }
        return new Change(added, removed);
    }

    /**
     * The results of its steps, in their order.
     *
     * @param listed as for {@link #changeOf}
     * @param recorded the position of the entry that records the change
     * @param pending the added subjects to which the statement does not apply yet
     */
    List<StepResult> results(Map<String, Long> listed, long recorded, Set<Subject> pending) {
        List<StepResult> results = new ArrayList<>();
        for (Step step : steps) {
            Long since = listed.get(step.subject().canonical());
            boolean fresh = step.adds() == (since == null);
            long before = since == null ? 0 : since;
            results.add(new StepResult(step, fresh ? recorded : before, fresh, pending.contains(step.subject())));
        }
        return results;
    }

    static int bytes(Subject subject) {
        return subject.canonical().getBytes(StandardCharsets.UTF_8).length;
    }
}
