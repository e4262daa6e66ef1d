package org.askfirst.registry.repertoire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.registry.repertoire.Delta.Change;
import org.askfirst.registry.repertoire.Delta.Step;
import org.askfirst.registry.repertoire.Delta.StepResult;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Names;
import org.junit.jupiter.api.Test;

/** How steps are gathered into entries, and how an entry changes a list. */
class DeltaTest {
    private static final Subject LISTED = Subject.parse(Names.file());
    private static final Subject NEW = Subject.parse(Names.file());
    private static final Subject GONE = Subject.parse(Names.file());
    private static final Subject NEVER = Subject.parse(Names.file());
    private static final Map<String, Long> LIST = Map.of(LISTED.canonical(), 7L, GONE.canonical(), 8L);

    private static Step adds(Subject subject) {
        return new Step(true, subject);
    }

    private static Step removes(Subject subject) {
        return new Step(false, subject);
    }

    private static Delta delta(Step... steps) {
        Delta delta = new Delta();
        for (Step step : steps) {
            assertTrue(delta.hasRoomFor(step));
            delta.add(step);
        }
        return delta;
    }

    @Test
    void onlyTheStepsThatChangeTheListAreRecorded() {
        Delta delta = delta(adds(NEW), adds(LISTED), removes(GONE), removes(NEVER));
        assertEquals(new Change(List.of(NEW), List.of(GONE)), delta.changeOf(LIST));
        assertEquals(List.of(NEW, LISTED, GONE, NEVER), delta.subjects());
        assertEquals(List.of(NEW, LISTED), delta.addedSubjects());
    }

    @Test
    void aListThatIsSoAlreadyNeedsNoEntry() {
        assertTrue(delta(adds(LISTED), removes(NEVER)).changeOf(LIST).isEmpty());
        assertFalse(delta(adds(NEW)).changeOf(LIST).isEmpty());
        assertFalse(delta(removes(GONE)).changeOf(LIST).isEmpty());
        assertTrue(new Delta().isEmpty());
        assertTrue(new Delta().changeOf(LIST).isEmpty());
    }

    @Test
    void eachStepIsAnsweredWithTheEntryThatMadeItSo() {
        Delta delta = delta(adds(NEW), adds(LISTED), removes(GONE), removes(NEVER));
        assertEquals(
                List.of(
                        new StepResult(adds(NEW), 9, true, true),
                        new StepResult(adds(LISTED), 7, false, false),
                        new StepResult(removes(GONE), 9, true, false),
                        new StepResult(removes(NEVER), 0, false, false)),
                delta.results(LIST, 9, Set.of(NEW)));
    }

    @Test
    void aHundredStepsMakeAnEntryAndNotOneMore() {
        Delta delta = new Delta();
        for (int i = 0; i < 100; i++) {
            Step step = adds(Subject.parse(Names.file()));
            assertTrue(delta.hasRoomFor(step));
            delta.add(step);
        }
        assertFalse(delta.hasRoomFor(adds(NEW)));
        assertFalse(delta.hasRoomFor(removes(NEW)));
    }

    @Test
    void longSubjectsMakeAnEntryBeforeTheyAreAHundred() {
        Delta delta = new Delta();
        int bytes = 0;
        int steps = 0;
        Step step = adds(longSubject());
        while (delta.hasRoomFor(step)) {
            delta.add(step);
            bytes += Delta.bytes(step.subject());
            steps++;
            step = adds(longSubject());
        }
        assertTrue(steps > 1 && steps < 100, "steps: " + steps);
        assertTrue(bytes <= 31_000 && bytes + Delta.bytes(step.subject()) > 31_000, "bytes: " + bytes);
        assertEquals(bytes + Delta.bytes(NEW) <= 31_000, delta.hasRoomFor(adds(NEW)));
    }

    private static Subject longSubject() {
        return Subject.parse(Names.url() + "/" + "a".repeat(1_500));
    }

    @Test
    void subjectsThatShareAKeyDoNotShareAnEntry() {
        Subject whole = Subject.parse("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        Subject unit = whole.indexedAs().get(1);
        Delta delta = delta(adds(whole));
        assertFalse(delta.hasRoomFor(adds(unit)));
        assertFalse(delta.hasRoomFor(removes(whole)));
        assertTrue(delta.hasRoomFor(adds(NEW)));
        assertFalse(delta(adds(unit)).hasRoomFor(adds(whole)));
    }
}
