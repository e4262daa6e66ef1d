package org.askfirst.registry.table;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The texts that the cells of a workbook share, in the order of their numbers.
 *
 * <p>They are kept as bytes. All workbooks that are open at one time share a part of the memory for them.
 */
final class SharedTexts implements Closeable {
    private static final long MAX_SIZE = 96L << 20;
    private static final int MAX_TEXTS = 4_000_000;
    private static final int BLOCK = 1 << 20;
    private static final int KILO = 1 << 10;

    /** Number of kilobytes that the texts of all open workbooks may have. */
    private static final int ALL_ROOM =
            (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / KILO);

    private static final Semaphore ROOM = new Semaphore(ALL_ROOM);

    private final List<byte[]> blocks = new ArrayList<>();
    private int[] ends = new int[256];
    private int count;
    private int size;
    private int taken;

    /** Reads the texts. */
    static SharedTexts read(@Nullable XmlPart part) throws IOException {
        SharedTexts texts = new SharedTexts();
        if (part == null) {
            return texts;
        }
        try (part) {
            StringBuilder text = new StringBuilder();
            while (part.next()) {
                if (part.isStart("si")) {
                    text.setLength(0);
                    CellText.read(part, "si", text);
                    texts.add(CellText.unescaped(text.toString()));
                }
            }
            return texts;
        } catch (IOException | RuntimeException failure) {
            texts.close();
            throw failure;
        }
    }

    /** Returns the number of decoded bytes that the part with the texts may have. */
    static long maxSize() {
        return MAX_SIZE;
    }

    /** Adds a text, which has the next number. */
    void add(String text) {
        if (count == MAX_TEXTS) {
            throw Problem.UNREADABLE_TABLE.because(
                    "The workbook has more than " + MAX_TEXTS + " texts; save the sheet as CSV in UTF-8");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; ) {
            if (size % BLOCK == 0) {
                take(BLOCK);
                blocks.add(new byte[BLOCK]);
            }
            int part = Math.min(bytes.length - from, BLOCK - size % BLOCK);
            System.arraycopy(bytes, from, blocks.get(size / BLOCK), size % BLOCK, part);
            size += part;
            from += part;
        }
        if (count == ends.length) {
            take(ends.length * Integer.BYTES);
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[count] = size;
        count++;
    }

    private void take(int bytes) {
        int kilobytes = Math.max(1, bytes / KILO);
        if (taken + kilobytes > ALL_ROOM) {
            throw XmlPart.tooLarge();
        }
        if (!ROOM.tryAcquire(kilobytes)) {
            throw Problem.UNAVAILABLE.because(
                    "The registry reads other large workbooks now; send this one again later");
        }
        taken += kilobytes;
    }

    /** Returns the text with this number; null if there is none. */
    @Nullable String get(int number) {
        if (number < 0 || number >= count) {
            return null;
        }
        int from = number == 0 ? 0 : ends[number - 1];
        int length = ends[number] - from;
        if (length == 0) {
            return "";
        }
        int block = from / BLOCK;
        if (from % BLOCK + length <= BLOCK) {
            return new String(blocks.get(block), from % BLOCK, length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            int at = from + done;
            int part = Math.min(length - done, BLOCK - at % BLOCK);
            System.arraycopy(blocks.get(at / BLOCK), at % BLOCK, bytes, done, part);
            done += part;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        ROOM.release(taken);
        taken = 0;
    }
}
