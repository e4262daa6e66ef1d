package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any input gives a value with that text, or a {@code MalformedException}; never another exception. */
class AnyInputTest {
    private static final int TRIES = 20_000;
    private static final MemoryLog LOG = MemoryLog.grownTo(300);

    private interface Parser {
        /** Parses an input and writes the value again. */
        byte[] roundTrip(byte[] input) throws MalformedException;
    }

    @Test
    void tilePaths() {
        holds(text(path -> Tile.parse(path).path()), "tile/0/x001/x234/067.p/17", 0.01);
        holds(text(path -> EntryBundle.parse(path).path()), "tile/entries/x001/x234/067.p/17", 0.01);
    }

    @Test
    void notesAndTheirParts() {
        String note = LOG.checkpoint().toString();
        holds(input -> utf8(SignedNote.parse(input).toString()), note, 0.01);
        holds(text(line -> NoteSignature.parse(line).toString()), note.split("\n", -1)[4], 0.01);
        holds(text(text -> Checkpoint.parse(text).text()), LOG.checkpoint().text(), 0.001);
        holds(
                text(key -> Ed25519Verifier.parse(key).verifierKey()),
                LOG.signer().verifier().verifierKey(),
                0);
        holds(
                text(key -> CosignatureVerifier.parse(key).verifierKey()),
                "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
                0);
        AddCheckpoint request = new AddCheckpoint(
                7, ConsistencyProof.from(LOG.reader(), 7, LOG.size()).hashes(), LOG.checkpoint());
        holds(input -> utf8(AddCheckpoint.parse(input).toString()), request.toString(), 0.01);
        String proof = TlogProof.of(InclusionProof.from(LOG.reader(), 77, 300), LOG.checkpoint(), new byte[] {1, 2})
                .toString();
        holds(input -> utf8(TlogProof.parse(input).toString()), proof, 0.01);
    }

    @Test
    void binaryForms() throws MalformedException {
        holds(
                input -> Frontier.parse(input).bytes(),
                Frontier.empty().append(LOG.leaves()).bytes(),
                0.01);
        EntryBundle bundle = new EntryBundle(0, 3);
        byte[] good = bundle.bytes(LOG.entries().subList(0, 3));
        holds(
                input -> {
                    List<byte[]> entries = bundle.entries(input);
                    byte[] rendered = bundle.bytes(entries);
                    // A bundle can also be read from a wider one, of which it is a prefix.
                    assertArrayEquals(rendered, Arrays.copyOf(input, rendered.length));
                    return input;
                },
                good,
                0.01);
    }

    private interface TextParser {
        String roundTrip(String input) throws MalformedException;
    }

    private static Parser text(TextParser parser) {
        return input -> utf8(parser.roundTrip(StrictText.utf8(input)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void holds(Parser parser, String good, double atLeastAccepted) {
        holds(parser, utf8(good), atLeastAccepted);
    }

    private static void holds(Parser parser, byte[] good, double atLeastAccepted) {
        Random random = new Random(good.length);
        int accepted = 0;
        for (byte[] input : inputs(random, good)) {
            try {
                assertArrayEquals(input, parser.roundTrip(input), () -> new String(input, StandardCharsets.UTF_8));
                accepted++;
            } catch (MalformedException refused) {
                assertTrue(String.valueOf(refused.getMessage()).length() > 10, "a refusal must say why");
            }
        }
        assertTrue(accepted >= 1 && accepted >= TRIES * atLeastAccepted, "only " + accepted + " were accepted");
        assertTrue(accepted < TRIES, "nothing was refused");
    }

    /** Returns the good input itself, changed ones, and noise. */
    private static List<byte[]> inputs(Random random, byte[] good) {
        List<byte[]> inputs = new ArrayList<>(List.of(good, new byte[0]));
        byte[] telling = utf8("\n\n— + /0123456789.px=AZ\u0000\u0085");
        for (int i = 0; i < TRIES; i++) {
            byte[] input = good.clone();
            if (i % 10 == 0) {
                input = new byte[random.nextInt(100)];
                random.nextBytes(input);
            }
            for (int changes = random.nextInt(3); changes >= 0 && input.length > 0; changes--) {
                int at = random.nextInt(input.length);
                byte other = random.nextBoolean() ? telling[random.nextInt(telling.length)] : (byte) random.nextInt();
                switch (random.nextInt(4)) {
                    case 0 -> input[at] = other;
                    case 1 -> input = cut(input, at, Math.min(input.length, at + 1 + random.nextInt(4)), new byte[0]);
                    case 2 -> input = cut(input, at, at, new byte[] {other});
                    default -> input = cut(input, at, at, Arrays.copyOf(input, random.nextInt(input.length)));
                }
            }
            inputs.add(input);
        }
        return inputs;
    }

    private static byte[] cut(byte[] input, int from, int to, byte[] instead) {
        byte[] changed = new byte[input.length - (to - from) + instead.length];
        System.arraycopy(input, 0, changed, 0, from);
        System.arraycopy(instead, 0, changed, from, instead.length);
        System.arraycopy(input, to, changed, from + instead.length, input.length - to);
        return changed;
    }

    @Test
    void theInputsAreWhatTheyShouldBe() {
        List<byte[]> inputs = inputs(new Random(1), utf8("good"));
        assertEquals(TRIES + 2, inputs.size());
        assertTrue(inputs.stream().mapToInt(Arrays::hashCode).distinct().count() > TRIES / 4);
    }
}
