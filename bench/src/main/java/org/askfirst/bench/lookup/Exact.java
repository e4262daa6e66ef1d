package org.askfirst.bench.lookup;

import java.util.Locale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.index.Segment;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/**
 * How many exact keys a second one core finds: in a segment, in LMDB, and in maps on the heap. Keys are asked in an order
 * of chance, four million of them in turn, so that no cache of the processor holds what they touch.
 */
final class Exact {
    private static final int SAMPLE = 4 << 20;
    private static final int BLOCK = 1 << 12;
    private static final int VALUE_BYTES = 48;

    private Exact() {}

    /** Arguments: the contender, the folder of the index, a folder for what the contender makes. */
    public static void main(String[] arguments) throws Exception {
        Path file = SegmentFile.in(Path.of(arguments[1]));
        SegmentFile source = SegmentFile.open(file);
        long start = System.nanoTime();
        switch (arguments[0]) {
            case "segment" -> {
                Segment segment = Segment.open(file);
                loaded(start, segment);
                ask(source, words -> number -> single(segment, words, number));
            }
            case "stages" -> {
                Segment segment = Segment.open(file);
                loaded(start, segment);
                ask(source, words -> staged(segment, words));
            }
            case "lmdb" -> lmdb(source, Path.of(arguments[2]));
            case "hashmap" -> {
                Map<SubjectKey, long[]> map = hashMap(source);
                loaded(start, map);
                ask(source, words -> number -> single(map, words, number));
            }
            case "table" -> {
                Table table = new Table(source);
                loaded(start, table);
                ask(source, words -> number -> single(table, words, number));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** The contender is still referred to by whoever calls, and is on the heap if it is on the heap at all. */
    private static void loaded(long start, Object contender) {
        System.out.println("load=" + (System.nanoTime() - start) / 1e9);
        System.gc();
        System.out.println("heap=" + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        Reference.reachabilityFence(contender);
    }

    private interface Contender {
        LongUnaryOperator asked(long[] words);
    }

    private static void ask(SegmentFile source, Contender contender) {
        for (boolean hits : new boolean[] {true, false}) {
            long[] words = source.sample(SAMPLE, hits);
            LongUnaryOperator asked = contender.asked(words);
            requireRight(asked, hits);
            String name = hits ? "hits" : "misses";
            System.out.println(name + "=" + Rounds.perSecond(name, number -> {
                if (asked.applyAsLong(number) != (hits ? BLOCK : 0)) {
                    throw new IllegalStateException("wrong answers");
                }
                return BLOCK;
            }));
        }
    }

    /** All of the sample once, so that memory is mapped, too. */
    private static void requireRight(LongUnaryOperator asked, boolean hits) {
        long found = 0;
        for (int block = 0; block < SAMPLE / BLOCK; block++) {
            found += asked.applyAsLong(block);
        }
        if (found != (hits ? SAMPLE : 0)) {
            throw new IllegalStateException(found + " found");
        }
    }

    private static int from(long number) {
        return (int) (number % (SAMPLE / BLOCK)) * BLOCK;
    }

    private static long single(Segment segment, long[] words, long number) {
        int from = from(number);
        long found = 0;
        for (int i = from; i < from + BLOCK; i++) {
            int at = i << 2;
            found += segment.find(words[at], words[at + 1], words[at + 2], words[at + 3]) >= 0 ? 1 : 0;
        }
        return found;
    }

    private static LongUnaryOperator staged(Segment segment, long[] words) {
        long[] block = new long[4 * BLOCK];
        long[] places = new long[BLOCK];
        return number -> {
            System.arraycopy(words, from(number) << 2, block, 0, block.length);
            segment.find(block, BLOCK, places);
            long found = 0;
            for (long place : places) {
                found += place >= 0 ? 1 : 0;
            }
            return found;
        };
    }

    private static long single(Map<SubjectKey, long[]> map, long[] words, long number) {
        int from = from(number);
        long found = 0;
        long[] four = new long[4];
        for (int i = from; i < from + BLOCK; i++) {
            System.arraycopy(words, i << 2, four, 0, 4);
            found += map.get(SubjectKey.of(four)) != null ? 1 : 0;
        }
        return found;
    }

    private static Map<SubjectKey, long[]> hashMap(SegmentFile source) {
        Map<SubjectKey, long[]> map = new HashMap<>((int) (source.keys / 0.75) + 1);
        long[] one = new long[7];
        for (long place = 0; place < source.keys; place++) {
            source.read(place, one, 0);
            map.put(SubjectKey.of(one), new long[] {one[4], one[5], one[6], 0, 0, 0});
        }
        return map;
    }

    /** Open addressing on the heap: the keys in one array, the values in another, two thirds full at most. */
    private static final class Table {
        private final long[] keys;
        private final long[] values;
        private final int slots;

        Table(SegmentFile source) {
            slots = (int) (source.keys * 3 / 2);
            keys = new long[Math.multiplyExact(4, slots)];
            values = new long[Math.multiplyExact(3, slots)];
            long[] one = new long[7];
            for (long place = 0; place < source.keys; place++) {
                source.read(place, one, 0);
                int slot = home(one[0]);
                while (keys[4 * slot] != 0) {
                    slot = slot + 1 == slots ? 0 : slot + 1;
                }
                System.arraycopy(one, 0, keys, 4 * slot, 4);
                System.arraycopy(one, 4, values, 3 * slot, 3);
            }
        }

        /** Not by the first bits, or keys that come in order would make runs. */
        private int home(long first) {
            return (int) Long.remainderUnsigned(first * 0x9e3779b97f4a7c15L >>> 1, slots);
        }

        boolean has(long first, long second, long third, long fourth) {
            int slot = home(first);
            while (keys[4 * slot] != 0) {
                if (keys[4 * slot] == first
                        && keys[4 * slot + 1] == second
                        && keys[4 * slot + 2] == third
                        && keys[4 * slot + 3] == fourth) {
                    return true;
                }
                slot = slot + 1 == slots ? 0 : slot + 1;
            }
            return false;
        }
    }

    private static long single(Table table, long[] words, long number) {
        int from = from(number);
        long found = 0;
        for (int i = from; i < from + BLOCK; i++) {
            int at = i << 2;
            found += table.has(words[at], words[at + 1], words[at + 2], words[at + 3]) ? 1 : 0;
        }
        return found;
    }

    private static void lmdb(SegmentFile source, Path folder) throws IOException {
        Files.createDirectories(folder);
        long start = System.nanoTime();
        try (Env<ByteBuffer> env = Env.create()
                        .setMapSize(source.keys * 200 + (64 << 20))
                        .setMaxDbs(1)
                        .setMaxReaders(2)
                        .open(folder.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_NORDAHEAD)) {
            Dbi<ByteBuffer> keys = env.openDbi("keys", DbiFlags.MDB_CREATE);
            fill(env, keys, source);
            loaded(start, env);
            System.out.println("bytes=" + Files.size(folder.resolve("data.mdb")));
            try (Txn<ByteBuffer> reading = env.txnRead()) {
                touch(reading, keys);
                ByteBuffer key = ByteBuffer.allocateDirect(SubjectKey.BYTES).order(ByteOrder.BIG_ENDIAN);
                ask(source, words -> number -> single(reading, keys, key, words, number));
            }
        }
    }

    /** In order, the fastest way there is. */
    private static void fill(Env<ByteBuffer> env, Dbi<ByteBuffer> keys, SegmentFile source) {
        ByteBuffer key = ByteBuffer.allocateDirect(SubjectKey.BYTES).order(ByteOrder.BIG_ENDIAN);
        ByteBuffer value = ByteBuffer.allocateDirect(VALUE_BYTES);
        long[] one = new long[7];
        long place = 0;
        while (place < source.keys) {
            try (Txn<ByteBuffer> writing = env.txnWrite()) {
                long end = Math.min(source.keys, place + 1_000_000);
                for (; place < end; place++) {
                    source.read(place, one, 0);
                    put(key, one, 0);
                    value.clear();
                    value.putLong(one[4]).putLong(one[5]).putLong(one[6]).putLong(0).putLong(0).putLong(0).flip();
                    keys.put(writing, key, value, PutFlags.MDB_APPEND);
                }
                writing.commit();
            }
        }
    }

    private static void put(ByteBuffer key, long[] words, int at) {
        key.clear();
        key.putLong(words[at]).putLong(words[at + 1]).putLong(words[at + 2]).putLong(words[at + 3]).flip();
    }

    /** Maps every page, as a segment's checksums do. */
    private static void touch(Txn<ByteBuffer> reading, Dbi<ByteBuffer> keys) {
        long count = 0;
        try (CursorIterable<ByteBuffer> all = keys.iterate(reading)) {
            for (CursorIterable.KeyVal<ByteBuffer> one : all) {
                count += one.val().remaining();
            }
        }
        Machine.say(String.format(Locale.ROOT, "  %,d bytes of values in LMDB", count));
    }

    private static long single(
            Txn<ByteBuffer> reading, Dbi<ByteBuffer> keys, ByteBuffer key, long[] words, long number) {
        int from = from(number);
        long found = 0;
        for (int i = from; i < from + BLOCK; i++) {
            put(key, words, i << 2);
            @Nullable ByteBuffer value = keys.get(reading, key);
            found += value != null ? 1 : 0;
        }
        return found;
    }
}
