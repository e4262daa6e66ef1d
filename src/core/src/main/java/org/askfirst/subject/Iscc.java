package org.askfirst.subject;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.jspecify.annotations.Nullable;

/**
 * An ISCC (ISO 24138:2024): a unit, or an ISCC-CODE composed of units.
 *
 * <p>Header and body are separate; {@link #canonical()} is the shortest text form. Parsing accepts every spelling that
 * the reference implementation (iscc-core) accepts: with and without the scheme, either case, hyphens, a sequence of
 * units, and multibase with the ISCC multicodec. An ISCC has no check digit. It is valid if its header, its length and
 * its padding agree.
 */
public final class Iscc {
    /** The kind of content that a unit describes, with its number in the standard. */
    public enum MainType {
        META(0),
        SEMANTIC(1),
        CONTENT(2),
        DATA(3),
        INSTANCE(4),
        /** A composite of units. */
        ISCC(5),
        /** A short id from a declaration hub. It identifies a declaration, not content. */
        ID(6),
        FLAKE(7);

        private final int number;

        MainType(int number) {
            this.number = number;
        }
    }

    private static final int SUBTYPE_SUM = 5;
    private static final int SUBTYPE_NONE = 6;
    private static final int SUBTYPE_WIDE = 7;
    private static final int FLAG_CONTENT = 1;
    private static final int FLAG_SEMANTIC = 2;
    private static final int FLAG_META = 4;
    private static final int HEAD_BYTES = 8;
    private static final int WIDE_BYTES = 16;

    /** The content unit of an empty text (iscc-core, {@code gen_text_code_v0}). */
    private static final long EMPTY_TEXT = 0x25F0BAB671F506E1L;

    private final MainType mainType;
    private final int subType;
    private final int version;
    private final int lengthField;
    private final byte[] body;

    private Iscc(MainType mainType, int subType, int version, int lengthField, byte[] body) {
        this.mainType = mainType;
        this.subType = subType;
        this.version = version;
        this.lengthField = lengthField;
        this.body = body;
    }

    /**
     * Reads any spelling.
     *
     * @throws org.askfirst.problem.ProblemException if the text is not an ISCC
     */
    public static Iscc parse(String untrusted) {
        String text = Spelling.without(Spelling.plain(untrusted), "urn:iscc", "iscc");
        byte[] multibase = IsccBases.multibase(text);
        if (multibase.length > 0) {
            return decode(multibase, text);
        }
        List<Iscc> units = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        for (String part : List.of(text.replace(' ', '-').split("-", -1))) {
            joined.append(Spelling.upper(part));
            // Hyphens separate units, or only groups of characters: a unit ends where the code is complete.
            if (isComplete(joined)) {
                units.add(decode(IsccBases.fromBase32(joined), text));
                joined.setLength(0);
            }
        }
        if (units.isEmpty() || !joined.isEmpty()) {
            return decode(IsccBases.fromBase32(text.replace("-", "").replace(" ", "")), text);
        }
        return units.size() == 1 ? units.get(0) : compose(units, text);
    }

    private static boolean isComplete(CharSequence base32) {
        if (base32.length() < 10) {
            return false;
        }
        byte[] bytes = IsccBases.fromBase32(base32);
        Header header = Header.read(bytes);
        return header != null && header.bytes() + header.bodyBytes() == bytes.length;
    }

    private static Iscc decode(byte[] bytes, String text) {
        Header header = Header.read(bytes);
        if (header == null) {
            throw Refusal.SHAPE.because(Refusal.quote(text) + " is not an ISCC: its header is not known");
        }
        if (header.bytes() + header.bodyBytes() != bytes.length) {
            throw Refusal.SHAPE.because("the header of ISCC " + Refusal.quote(text) + " announces "
                    + header.bodyBytes() * 8 + " bits, and the code has " + (bytes.length - header.bytes()) * 8);
        }
        return new Iscc(
                header.mainType(),
                header.subType(),
                header.version(),
                header.length(),
                Arrays.copyOfRange(bytes, header.bytes(), bytes.length));
    }

    /** Returns the ISCC-CODE of these units, or of composites of them, in any order. */
    private static Iscc compose(List<Iscc> parts, String text) {
        Map<MainType, Iscc> units = new EnumMap<>(MainType.class);
        for (Iscc part : parts) {
            for (Iscc unit : part.units()) {
                boolean isComposable = unit.mainType.compareTo(MainType.ISCC) < 0 && unit.body.length >= HEAD_BYTES;
                if (!isComposable || units.put(unit.mainType, unit) != null) {
                    throw Refusal.SHAPE.because("the units of " + Refusal.quote(text) + " do not form an ISCC-CODE");
                }
            }
        }
        if (!units.containsKey(MainType.DATA) || !units.containsKey(MainType.INSTANCE)) {
            throw Refusal.SHAPE.because(
                    "an ISCC-CODE needs a data unit and an instance unit; " + Refusal.quote(text)
                            + " does not have both");
        }
        return composeSorted(units);
    }

    /** Composes the units. An EnumMap iterates them in the order of the standard. */
    private static Iscc composeSorted(Map<MainType, Iscc> units) {
        int flags = (units.containsKey(MainType.META) ? FLAG_META : 0)
                | (units.containsKey(MainType.SEMANTIC) ? FLAG_SEMANTIC : 0)
                | (units.containsKey(MainType.CONTENT) ? FLAG_CONTENT : 0);
        int subType = flags == 0 ? SUBTYPE_SUM : SUBTYPE_NONE;
        int[] media = units.values().stream()
                .filter(unit -> unit.mainType == MainType.SEMANTIC || unit.mainType == MainType.CONTENT)
                .mapToInt(unit -> unit.subType)
                .distinct()
                .toArray();
        if (media.length > 1) {
            throw Refusal.SHAPE.because("the semantic unit and the content unit describe different media");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        units.values().forEach(unit -> body.write(unit.body, 0, HEAD_BYTES));
        return new Iscc(MainType.ISCC, media.length == 0 ? subType : media[0], 0, flags, body.toByteArray());
    }

    /** Returns the text form without "ISCC:": base 32, upper case, no padding. */
    public String canonical() {
        byte[] header = Header.write(mainType.number, subType, version, lengthField);
        byte[] bytes = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, bytes, header.length, body.length);
        return IsccBases.toBase32(bytes);
    }

    /** Returns the kind of content that the unit describes. */
    public MainType mainType() {
        return mainType;
    }

    /** Returns the number of bits of the body. */
    public int bits() {
        return body.length * 8;
    }

    /**
     * Returns the units of a composite, in the order meta, semantic, content, data, instance; for anything else, the
     * unit itself.
     */
    public List<Iscc> units() {
        if (mainType != MainType.ISCC) {
            return List.of(this);
        }
        if (subType == SUBTYPE_WIDE) {
            return List.of(
                    unit(MainType.DATA, 0, Arrays.copyOf(body, WIDE_BYTES)),
                    unit(MainType.INSTANCE, 0, Arrays.copyOfRange(body, WIDE_BYTES, 2 * WIDE_BYTES)));
        }
        List<Iscc> units = new ArrayList<>();
        int at = 0;
        if ((lengthField & FLAG_META) != 0) {
            units.add(unit(MainType.META, 0, bodyPart(at++)));
        }
        if ((lengthField & FLAG_SEMANTIC) != 0) {
            units.add(unit(MainType.SEMANTIC, subType, bodyPart(at++)));
        }
        if ((lengthField & FLAG_CONTENT) != 0) {
            units.add(unit(MainType.CONTENT, subType, bodyPart(at++)));
        }
        units.add(unit(MainType.DATA, 0, bodyPart(at++)));
        units.add(unit(MainType.INSTANCE, 0, bodyPart(at)));
        return List.copyOf(units);
    }

    private byte[] bodyPart(int index) {
        return Arrays.copyOfRange(body, index * HEAD_BYTES, (index + 1) * HEAD_BYTES);
    }

    private static Iscc unit(MainType type, int subType, byte[] body) {
        return new Iscc(type, subType, 0, body.length / 4 - 1, body);
    }

    /**
     * Returns the first 64 bits of each unit that identifies content (content, data, instance), as units. Units of one
     * content in different lengths agree in these bits, because longer ones continue shorter ones. A unit of 32 bits is
     * left out, because at that length different works collide.
     */
    List<Iscc> heads() {
        return units().stream()
                .filter(Iscc::identifiesContent)
                .map(unit -> unit.body.length == HEAD_BYTES
                        ? unit
                        : new Iscc(unit.mainType, unit.subType, unit.version, 1, Arrays.copyOf(unit.body, HEAD_BYTES)))
                .toList();
    }

    private boolean identifiesContent() {
        return switch (mainType) {
            case CONTENT -> body.length >= HEAD_BYTES && !isOfNothing();
            case DATA, INSTANCE -> body.length >= HEAD_BYTES;
            default -> false;
        };
    }

    /**
     * Returns true if a content unit is that of silence, of one colour or of no text. Every scan without a text layer
     * has the last one. One creator's reservation must not apply to all of them.
     */
    private boolean isOfNothing() {
        long head = ByteBuffer.wrap(body).getLong();
        int ones = Long.bitCount(head);
        return ones < 2 || ones > 62 || head == EMPTY_TEXT;
    }

    /**
     * Returns the normalised prefix Hamming distance of two units: the share of different bits in the length of the
     * shorter unit, from 0 (equal) to 1.
     *
     * @throws IllegalArgumentException if the units are of different kinds, or if they are composites (compare their
     *     units) or ids
     */
    public double distance(Iscc other) {
        if (mainType != other.mainType || subType != other.subType || version != other.version) {
            throw new IllegalArgumentException("only units of the same kind have a distance");
        }
        if (mainType == MainType.ISCC || mainType == MainType.ID || mainType == MainType.FLAKE) {
            throw new IllegalArgumentException("a composite or an id has no distance");
        }
        int bytes = Math.min(body.length, other.body.length);
        int different = 0;
        for (int i = 0; i < bytes; i++) {
            different += Integer.bitCount((body[i] ^ other.body[i]) & 0xFF);
        }
        return (double) different / (bytes * 8);
    }

    /** Returns one minus {@link #distance}. */
    public double similarity(Iscc other) {
        return 1 - distance(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Iscc iscc
                && mainType == iscc.mainType
                && subType == iscc.subType
                && version == iscc.version
                && lengthField == iscc.lengthField
                && Arrays.equals(body, iscc.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mainType, subType, version, lengthField, Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "ISCC:" + canonical();
    }

    /** The header: four numbers in nibbles of variable length, padded to a byte. */
    private record Header(MainType mainType, int subType, int version, int length, int bytes) {
        private static final MainType[] MAIN_TYPES = MainType.values();

        /** Reads a header; returns null if the bytes do not begin with a known one. */
        static @Nullable Header read(byte[] bytes) {
            int[] fields = new int[4];
            int nibble = 0;
            for (int i = 0; i < fields.length; i++) {
                int first = nibble(bytes, nibble);
                if (first < 0) {
                    return null;
                }
                if (first < 8) {
                    fields[i] = first;
                    nibble++;
                } else if (first < 12 && nibble(bytes, nibble + 1) >= 0) {
                    fields[i] = ((first & 3) << 4 | nibble(bytes, nibble + 1)) + 8;
                    nibble += 2;
                } else {
                    return null;
                }
            }
            if (nibble % 2 == 1 && nibble(bytes, nibble++) != 0) {
                return null;
            }
            if (fields[0] >= MAIN_TYPES.length) {
                return null;
            }
            Header header = new Header(MAIN_TYPES[fields[0]], fields[1], fields[2], fields[3], nibble / 2);
            return header.isKnown() ? header : null;
        }

        private static int nibble(byte[] bytes, int index) {
            if (index / 2 >= bytes.length) {
                return -1;
            }
            return index % 2 == 0 ? bytes[index / 2] >> 4 & 0xF : bytes[index / 2] & 0xF;
        }

        private boolean isKnown() {
            return switch (mainType) {
                case META, DATA, INSTANCE -> subType == 0 && version == 0 && length < 8;
                case SEMANTIC, CONTENT -> subType < SUBTYPE_SUM && version == 0 && length < 8;
                case ISCC -> subType <= SUBTYPE_WIDE && version == 0 && isKnownComposition();
                case ID -> subType < 8 && version < 2 && length < 64;
                case FLAKE -> subType == 0 && version == 0 && length < 8;
            };
        }

        private boolean isKnownComposition() {
            boolean hasMedium = (length & (FLAG_CONTENT | FLAG_SEMANTIC)) != 0;
            return switch (subType) {
                case SUBTYPE_SUM, SUBTYPE_WIDE -> length == 0;
                case SUBTYPE_NONE -> !hasMedium && length < 8;
                default -> hasMedium && length < 8;
            };
        }

        int bodyBytes() {
            return switch (mainType) {
                case ISCC -> subType == SUBTYPE_WIDE ? 2 * WIDE_BYTES : (Integer.bitCount(length) + 2) * HEAD_BYTES;
                case ID -> HEAD_BYTES + length;
                default -> (length + 1) * 4;
            };
        }

        static byte[] write(int... fields) {
            byte[] bytes = new byte[4];
            int nibble = 0;
            for (int field : fields) {
                if (field >= 8) {
                    put(bytes, nibble++, 8 | (field - 8) >> 4);
                    put(bytes, nibble++, (field - 8) & 0xF);
                } else {
                    put(bytes, nibble++, field);
                }
            }
            return Arrays.copyOf(bytes, (nibble + 1) / 2);
        }

        private static void put(byte[] bytes, int nibble, int value) {
            bytes[nibble / 2] |= (byte) (nibble % 2 == 0 ? value << 4 : value);
        }
    }
}
