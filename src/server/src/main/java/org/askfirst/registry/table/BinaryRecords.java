package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Problem;

/**
 * The records of a workbook (BIFF8) that its rows need, as bytes for the library that reads them. Each has at most
 * 65,535 bytes, so the library cannot be made to take more room.
 *
 * <p>The shared texts are kept apart, because the library believes the lengths that the file names.
 */
final class BinaryRecords extends InputStream {
    private static final int HEADER = 4;
    private static final int CONTINUE = 0x3C;
    private static final int SHARED_TEXTS = 0xFC;
    private static final int STRING = 0x207;
    private static final int FILE_PASS = 0x2F;

    /**
     * BOF, EOF, BOUNDSHEET, FORMAT, XF, DATEMODE, NUMBER, RK, MULRK, LABELSST, LABEL, BOOLERR, FORMULA, STRING ([MS-XLS],
     * 2.3).
     */
    private static final Set<Integer> NEEDED =
            Set.of(0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x22, 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0x205, 0x06, STRING);

    private final InputStream in;
    private final List<byte[]> shared = new ArrayList<>();
    private byte[] record = {};
    private int at;
    private int last;

    BinaryRecords(InputStream in) {
        this.in = in;
    }

    /** Returns the bodies of the records with the shared texts that were passed so far. */
    List<byte[]> shared() {
        return List.copyOf(shared);
    }

    /** Moves to the next needed record if the present one was read; returns false at the end of the file. */
    private boolean fill() throws IOException {
        while (at == record.length) {
            byte[] header = in.readNBytes(HEADER);
            if (header.length < HEADER) {
                return false;
            }
            int id = (header[0] & 0xFF) | (header[1] & 0xFF) << 8;
            int length = (header[2] & 0xFF) | (header[3] & 0xFF) << 8;
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw XmlPart.damaged();
            }
            if (id == FILE_PASS) {
                throw Problem.UNREADABLE_TABLE.because(
                        "This is a workbook with a password; remove the password and save it again");
            }
            int kind = id == CONTINUE ? last : id;
            last = kind;
            if (kind == SHARED_TEXTS) {
                shared.add(body);
            } else if (NEEDED.contains(kind) && (id != CONTINUE || kind == STRING)) {
                record = Arrays.copyOf(header, HEADER + length);
                System.arraycopy(body, 0, record, HEADER, length);
                at = 0;
            }
        }
        return true;
    }

    @Override
    public int available() throws IOException {
        return fill() ? record.length - at : 0;
    }

    @Override
    public int read() throws IOException {
        return fill() ? record[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, record.length - at);
        System.arraycopy(record, at, to, from, count);
        at += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
