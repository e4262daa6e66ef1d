package org.askfirst.registry.table;

import java.util.List;

/**
 * Reads the texts that the cells of a workbook (BIFF8) share ([MS-XLS], 2.4.265 and 2.5.293). A text may go on in the
 * next record. No length that the file names is believed before its bytes are seen.
 */
final class BinaryTexts {
    private static final int WIDE = 0x01;
    private static final int EXTENDED = 0x04;
    private static final int RICH = 0x08;
    private static final int BYTES_OF_RUN = 4;
    private static final int BYTES_OF_COUNTS = 8;

    private final List<byte[]> records;
    private final StringBuilder text = new StringBuilder();
    private int record;
    private int at;

    private BinaryTexts(List<byte[]> records) {
        this.records = records;
    }

    /** Adds all texts, in the order of their numbers. */
    static void addTo(SharedTexts texts, List<byte[]> records) {
        BinaryTexts reader = new BinaryTexts(records);
        if (!reader.isAtEnd()) {
            reader.skip(BYTES_OF_COUNTS);
            while (!reader.isAtEnd()) {
                texts.add(reader.next());
            }
        }
    }

    private boolean isAtEnd() {
        while (record < records.size() && at == records.get(record).length) {
            record++;
            at = 0;
        }
        return record == records.size();
    }

    private String next() {
        int length = twoBytes();
        int flags = oneByte();
        long behind = (flags & RICH) == 0 ? 0 : (long) BYTES_OF_RUN * twoBytes();
        if ((flags & EXTENDED) != 0) {
            behind += twoBytes() | (long) twoBytes() << 16;
        }
        text.setLength(0);
        boolean isWide = (flags & WIDE) != 0;
        while (text.length() < length) {
            if (at == records.get(record).length) {
                // The rest of the characters is in the next record, which says again how wide they are.
                isWide = (oneByte() & WIDE) != 0;
            }
            text.append((char) (isWide ? twoBytes() : oneByte()));
        }
        skip(behind);
        return text.toString();
    }

    private int twoBytes() {
        int low = oneByte();
        return low | oneByte() << 8;
    }

    private int oneByte() {
        if (isAtEnd()) {
            throw XmlPart.damaged();
        }
        return records.get(record)[at++] & 0xFF;
    }

    private void skip(long bytes) {
        long left = bytes;
        while (left > 0) {
            if (isAtEnd()) {
                throw XmlPart.damaged();
            }
            int some = (int) Math.min(left, records.get(record).length - at);
            at += some;
            left -= some;
        }
    }
}
