package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Grant;
import org.askfirst.verdict.OnBehalfOf;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Trust;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants are found by the works that they name, as of any position. */
class AskerGrantsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final Instant END = NOW.plusSeconds(1_000);
    private static final PartyId LICENSOR = new PartyId(new UUID(0, 1));
    private static final PartyId OTHER = new PartyId(new UUID(0, 2));

    @TempDir
    Path folder = Path.of("");

    private static AskerGrants.Given given(int number, long position, boolean everything) {
        return new AskerGrants.Given(
                new GrantId(new UUID(0, number)),
                LICENSOR,
                everything,
                Set.of(Use.AI_INDEX),
                new Period(null, END),
                position,
                List.of());
    }

    private static Match match(PartyId party) {
        return new Match(
                new Statement(
                        party,
                        Trust.ASSERTED,
                        1,
                        4000,
                        false,
                        Statement.Reach.WHOLE,
                        Control.PROVED,
                        Stances.of(Map.of(Use.AI_INDEX, Stance.RESERVED)),
                        true,
                        Period.ALWAYS,
                        OnBehalfOf.of(party)),
                "x",
                true,
                2);
    }

    private static Set<Long> found(AskerGrants grants, String subject, PartyId party, long position) {
        Set<Long> found = new TreeSet<>();
        for (Match match : grants.attach(Subject.parse(subject).expand(), List.of(match(party)), position)) {
            for (Grant grant : match.statement().grants()) {
                found.add(grant.id().number().getLeastSignificantBits());
            }
        }
        return found;
    }

    private AskerGrants with(AskerGrants before, AskerGrants.Given given, String... subjects) throws IOException {
        try (AskerGrants.Builder builder = new AskerGrants.Builder(before, folder)) {
            builder.add(given);
            for (String subject : subjects) {
                Subject parsed = Subject.parse(subject);
                builder.add(parsed.key(), parsed.scheme());
            }
            return builder.finish();
        }
    }

    @Test
    void aGrantCoversWhatItNamesAndWhatThatContains() throws IOException {
        AskerGrants grants = with(
                with(AskerGrants.NONE, given(1, 10, false), "isbn:9788936434120", "domain:example.com"),
                given(2, 12, false),
                "isbn:9788936434120",
                "url:https://www.example.org/a");
        assertEquals(Set.of(1L, 2L), found(grants, "isbn:9788936434120", LICENSOR, 12));
        assertEquals(Set.of(1L), found(grants, "url:https://art.example.com/x?y", LICENSOR, 12));
        assertEquals(Set.of(2L), found(grants, "url:https://www.example.org/a?b", LICENSOR, 12));
        assertEquals(Set.of(), found(grants, "url:https://example.org/a", LICENSOR, 12), "another spelling");
        assertEquals(Set.of(), found(grants, "isbn:9788936433598", LICENSOR, 12));
        assertEquals(Set.of(), found(grants, "isbn:9788936434120", OTHER, 12), "another party");
    }

    @Test
    void positionsAreExact() throws IOException {
        AskerGrants.Given one = given(1, 10, true);
        AskerGrants grants = with(AskerGrants.NONE, one);
        AskerGrants ended = grants.replacing(one.ended(new AskerGrants.Ending(20, NOW)));
        assertEquals(Set.of(), found(ended, "isbn:9788936434120", LICENSOR, 9));
        assertEquals(Set.of(1L), found(ended, "isbn:9788936434120", LICENSOR, 10));
        assertEquals(END, to(ended, 19), "not revoked yet");
        assertEquals(NOW, to(ended, 20));
        assertEquals(END, to(grants, 20), "the grants before are not changed");
        assertNotNull(ended.find(one.id()));
        assertNull(ended.find(new GrantId(new UUID(9, 9))));
    }

    private static @Nullable Instant to(AskerGrants grants, long position) {
        return grants.attach(Subject.parse("isbn:9788936434120").expand(), List.of(match(LICENSOR)), position)
                .get(0)
                .statement()
                .grants()
                .get(0)
                .period()
                .to();
    }

    private static String file(int number) {
        return "sha256:" + HexFormat.of().formatHex(Sha256.of("file " + number));
    }

    @Test
    void manyKeysAreInFilesWithoutNames() throws IOException {
        int works = 30_000;
        AskerGrants grants = AskerGrants.NONE;
        List<String> all = new ArrayList<>();
        for (int number = 0; number < 30; number++) {
            String[] some = new String[works / 30];
            for (int i = 0; i < some.length; i++) {
                some[i] = file(number * some.length + i);
                all.add(some[i]);
            }
            grants = with(grants, given(number, 1 + number, false), some);
        }
        assertEquals(works, grants.keys());
        for (int i = 0; i < works; i += 7) {
            assertEquals(Set.of((long) i / (works / 30)), found(grants, all.get(i), LICENSOR, 100));
        }
        assertEquals(Set.of(), found(grants, file(works), LICENSOR, 100));
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.findAny().isEmpty(), "files are left");
        }
    }
}
