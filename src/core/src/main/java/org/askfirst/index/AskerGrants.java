package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Grant;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * All grants that one asker has ever received, as of any position. Immutable.
 *
 * <p>A grant covers the subjects that it names and everything that they contain, or everything that its licensor states.
 * It is found for a statement only if its licensor makes that statement. Another spelling of a granted address is not
 * covered: it may be on another host.
 *
 * <p>The keys of millions of works are in mapped files ({@link GrantedKeys}). A part is merged into the next once it has
 * an eighth of its keys, so the number of parts grows with the logarithm of the number of keys.
 */
public final class AskerGrants {
    /** The greatest number of keys of all grants of an asker. */
    public static final long MAX_KEYS = 400_000_000;

    /** No grants. */
    public static final AskerGrants NONE = new AskerGrants(new Given[0], List.of(), 0);

    private static final int MERGED_FROM = 8;
    private static final int[] NO_NUMBERS = new int[0];

    private final Given[] given;
    private final List<GrantedKeys> parts;

    /** The {@link #bit}s of the schemes of granted subjects. */
    private final long schemes;

    /** The numbers of the grants of everything, by licensor. Every licensor has an entry. */
    private final Map<PartyId, int[]> ofEverything = new HashMap<>();

    /**
     * A grant as it was given, and the events that end it.
     *
     * @param everything true if it covers everything that its licensor states
     * @param leaves the permitted leaves
     * @param period the period as it was given
     * @param position the position of the entry that gives it
     * @param endings its revocations and supersessions
     */
    public record Given(
            GrantId id,
            PartyId licensor,
            boolean everything,
            Set<Use> leaves,
            Period period,
            long position,
            List<Ending> endings) {
        public Given {
            leaves = Set.copyOf(leaves);
            endings = List.copyOf(endings);
        }

        /** Returns the same grant with one more ending. */
        public Given ended(Ending ending) {
            List<Ending> more = new ArrayList<>(endings);
            more.add(ending);
            return new Given(id, licensor, everything, leaves, period, position, more);
        }

        /** Returns the grant as of a position; null if it was not given then, or is never in force. */
        public @Nullable Grant at(long asOf) {
            if (asOf < position) {
                return null;
            }
            Instant to = period.to();
            for (Ending ending : endings) {
                if (ending.position <= asOf && (to == null || ending.from.isBefore(to))) {
                    to = ending.from;
                }
            }
            Instant from = period.from();
            return from != null && to != null && !from.isBefore(to)
                    ? null
                    : new Grant(id, leaves, new Period(from, to));
        }

        private long lastPosition() {
            return endings.stream().mapToLong(Ending::position).reduce(position, Math::max);
        }
    }

    /**
     * An event that ends a grant.
     *
     * @param position the position of the entry
     * @param from the first moment at which the grant is no longer in force
     */
    public record Ending(long position, Instant from) {}

    private final @Nullable Grant[] latest;
    private final long[] lastPositions;

    private AskerGrants(Given[] given, List<GrantedKeys> parts, long schemes) {
        this.given = given;
        this.parts = List.copyOf(parts);
        this.schemes = schemes;
        this.latest = new Grant[given.length];
        this.lastPositions = new long[given.length];
        for (int i = 0; i < given.length; i++) {
            latest[i] = given[i].at(Long.MAX_VALUE);
            lastPositions[i] = given[i].lastPosition();
            int[] before = ofEverything.getOrDefault(given[i].licensor(), NO_NUMBERS);
            if (given[i].everything()) {
                before = Arrays.copyOf(before, before.length + 1);
                before[before.length - 1] = i;
            }
            ofEverything.put(given[i].licensor(), before);
        }
    }

    /** Returns the bit of a scheme, for sets of schemes in tables. New schemes are appended, so it never changes. */
    public static long bit(SubjectScheme scheme) {
        return 1L << scheme.number();
    }

    /** Returns the number of grants. */
    public int size() {
        return given.length;
    }

    /** Returns the number of granted keys. A key counts once for each of its grants. */
    public long keys() {
        return parts.stream().mapToLong(GrantedKeys::size).sum();
    }

    /** Returns the grant with that id; null if there is none. */
    public @Nullable Given find(GrantId id) {
        for (Given one : given) {
            if (one.id().equals(id)) {
                return one;
            }
        }
        return null;
    }

    /** Returns these grants, with one of them changed. */
    public AskerGrants replacing(Given changed) {
        Given[] copy = given.clone();
        for (int i = 0; i < copy.length; i++) {
            if (copy[i].id().equals(changed.id())) {
                copy[i] = changed;
            }
        }
        return new AskerGrants(copy, parts, schemes);
    }

    /** Collects grants with their keys, in the order of positions. Used by one thread. */
    public static final class Builder implements AutoCloseable {
        private final AskerGrants before;
        private final Path folder;
        private final List<Given> given = new ArrayList<>();
        private final List<GrantedKeys> parts = new ArrayList<>();
        private GrantedKeys.Builder keys;
        private long schemes;

        /**
         * Creates a builder that adds grants to others.
         *
         * @param folder an existing folder for files of keys
         */
        public Builder(AskerGrants before, Path folder) {
            this.before = before;
            this.folder = folder;
            this.schemes = before.schemes;
            this.keys = new GrantedKeys.Builder(folder);
        }

        /** Adds a grant. */
        public void add(Given grant) {
            given.add(grant);
        }

        /** Adds the key of a subject that the last grant names. */
        public void add(SubjectKey key, SubjectScheme scheme) throws IOException {
            schemes |= bit(scheme);
            add(key.word(0), key.word(1));
        }

        /**
         * Adds the keys of subjects that the last grant names.
         *
         * @param bytes the keys, one after another
         * @param ofSchemes the {@link #bit}s of the schemes of the subjects
         */
        public void add(byte[] bytes, long ofSchemes) throws IOException {
            schemes |= ofSchemes;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            for (int at = 0; at < bytes.length; at += SubjectKey.BYTES) {
                add(buffer.getLong(at), buffer.getLong(at + Long.BYTES));
            }
        }

        private void add(long first, long second) throws IOException {
            if (keys.size() == GrantedKeys.MAX_KEYS) {
                parts.add(keys.finish());
                keys.close();
                keys = new GrantedKeys.Builder(folder);
            }
            keys.add(first, second, before.given.length + given.size() - 1);
        }

        /** Returns all grants. The builder must not be used afterwards. */
        public AskerGrants finish() throws IOException {
            Given[] all = Arrays.copyOf(before.given, before.given.length + given.size());
            for (int i = 0; i < given.size(); i++) {
                all[before.given.length + i] = given.get(i);
            }
            List<GrantedKeys> allParts = new ArrayList<>(before.parts);
            allParts.addAll(parts);
            if (keys.size() > 0) {
                allParts.add(keys.finish());
            }
            while (allParts.size() > 1) {
                GrantedKeys last = allParts.get(allParts.size() - 1);
                GrantedKeys previous = allParts.get(allParts.size() - 2);
                long together = (long) last.size() + previous.size();
                if ((long) last.size() * MERGED_FROM < previous.size() || together > GrantedKeys.MAX_KEYS) {
                    break;
                }
                allParts.remove(allParts.size() - 1);
                allParts.set(allParts.size() - 1, merged(previous, last));
            }
            return new AskerGrants(all, allParts, schemes);
        }

        private GrantedKeys merged(GrantedKeys one, GrantedKeys other) throws IOException {
            try (GrantedKeys.Builder builder = new GrantedKeys.Builder(folder)) {
                one.copyTo(builder);
                other.copyTo(builder);
                return builder.finish();
            }
        }

        @Override
        public void close() throws IOException {
            keys.close();
        }
    }

    /**
     * Adds to the statements that reach an asked subject the grants that cover them.
     *
     * @param expansion the expansion of the asked subject
     * @param matches the statements that reach it
     * @param position the position as of which grants are given and ended
     */
    public List<Match> attach(Expansion expansion, List<Match> matches, long position) {
        if (given.length == 0 || matches.stream().noneMatch(match -> isLicensor(match.statement()))) {
            return matches;
        }
        int[] named = named(expansion);
        List<Match> attached = new ArrayList<>(matches.size());
        for (Match match : matches) {
            List<Grant> grants =
                    isLicensor(match.statement()) ? grants(match.statement().party(), named, position) : List.of();
            attached.add(grants.isEmpty() ? match : match.of(match.statement().withGrants(grants)));
        }
        return attached;
    }

    private boolean isLicensor(Statement statement) {
        return ofEverything.containsKey(statement.party());
    }

    /** Returns the numbers of the grants that name a subject of the expansion, ascending. */
    private int[] named(Expansion expansion) {
        Found found = new Found();
        for (int i = 0; i < expansion.size(); i++) {
            if ((schemes & bit(expansion.scheme(i))) != 0 && !expansion.isOtherSpelling(i)) {
                for (GrantedKeys part : parts) {
                    part.find(expansion.prefix64(i), expansion.key(i).word(1), found);
                }
            }
        }
        return found.sorted();
    }

    private static final class Found implements GrantedKeys.Numbers {
        private int[] numbers = NO_NUMBERS;

        @Override
        public void add(int number) {
            numbers = Arrays.copyOf(numbers, numbers.length + 1);
            numbers[numbers.length - 1] = number;
        }

        int[] sorted() {
            if (numbers.length > 1) {
                numbers = Arrays.stream(numbers).distinct().sorted().toArray();
            }
            return numbers;
        }
    }

    /** Returns the grants of the licensor that are given at the position, oldest first. */
    private List<Grant> grants(PartyId licensor, int[] named, long position) {
        List<Grant> grants = List.of();
        int[] everything = ofEverything.getOrDefault(licensor, NO_NUMBERS);
        int[] numbers = named;
        if (everything.length > 0) {
            numbers = Arrays.copyOf(named, named.length + everything.length);
            System.arraycopy(everything, 0, numbers, named.length, everything.length);
            Arrays.sort(numbers);
        }
        for (int number : numbers) {
            Grant grant = lastPositions[number] <= position ? latest[number] : given[number].at(position);
            if (grant != null && given[number].licensor().equals(licensor)) {
                if (grants.isEmpty()) {
                    grants = new ArrayList<>(1);
                }
                grants.add(grant);
            }
        }
        return grants;
    }
}
