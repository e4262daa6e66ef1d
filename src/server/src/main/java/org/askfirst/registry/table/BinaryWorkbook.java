package org.askfirst.registry.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.hssf.record.BOFRecord;
import org.apache.poi.hssf.record.BoundSheetRecord;
import org.apache.poi.hssf.record.DateWindow1904Record;
import org.apache.poi.hssf.record.EOFRecord;
import org.apache.poi.hssf.record.ExtendedFormatRecord;
import org.apache.poi.hssf.record.FormatRecord;
import org.apache.poi.hssf.record.Record;
import org.apache.poi.hssf.record.RecordFactoryInputStream;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * A workbook of Excel 97 to 2003 (BIFF8, {@code .xls}). Apache POI reads its records one by one.
 *
 * <p>The library reads single records only ({@link BinaryRecords}), and we read the texts that cells share ({@link
 * BinaryTexts}). A fault of the library on a damaged file is reported as a damaged file.
 */
final class BinaryWorkbook implements Workbook {
    private static final String STREAM = "Workbook";
    private static final long MAX_SIZE = 32L << 20;
    private static final int MAX_STYLES = 1 << 16;

    private final POIFSFileSystem file;
    private final List<Sheet> sheets = new ArrayList<>();

    /** The place of each sheet among the sheets as the file has them one after the other. */
    private int[] places = {};

    private NumberFormats formats = NumberFormats.of(List.of(), Map.of(), false);
    private final SharedTexts texts = new SharedTexts();

    /** Opens a workbook and reads all but its sheets. */
    BinaryWorkbook(Path path) throws IOException {
        if (Files.size(path) > MAX_SIZE) {
            throw Problem.UNREADABLE_TABLE.because("A workbook of this type (.xls) may have at most " + (MAX_SIZE >> 20)
                    + " MiB; save it as .xlsx, or as CSV in UTF-8");
        }
        try {
            file = new POIFSFileSystem(path.toFile(), true);
        } catch (RuntimeException | IOException damaged) {
            throw XmlPart.damaged();
        }
        try {
            read();
            if (sheets.isEmpty()) {
                throw Problem.UNREADABLE_TABLE.because("The workbook has no sheet");
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private BinaryRecords bytes() {
        try {
            return new BinaryRecords(file.createDocumentInputStream(STREAM));
        } catch (RuntimeException | IOException damaged) {
            throw XmlPart.damaged();
        }
    }

    private static RecordFactoryInputStream records(BinaryRecords bytes) {
        try {
            return new RecordFactoryInputStream(bytes, false);
        } catch (ProblemException refused) {
            throw refused;
        } catch (RuntimeException damaged) {
            throw XmlPart.damaged();
        }
    }

    /** Returns the next record; null at the end. */
    static @Nullable Record next(RecordFactoryInputStream records) {
        try {
            return records.nextRecord();
        } catch (ProblemException refused) {
            throw refused;
        } catch (RuntimeException damaged) {
            throw XmlPart.damaged();
        }
    }

    private void read() {
        BinaryRecords bytes = bytes();
        RecordFactoryInputStream records = records(bytes);
        List<BoundSheetRecord> bound = new ArrayList<>();
        List<Integer> styles = new ArrayList<>();
        Map<Integer, String> own = new HashMap<>();
        boolean from1904 = false;
        for (Record record = next(records); record != null && !(record instanceof EOFRecord); record = next(records)) {
            if (record instanceof BoundSheetRecord sheet && bound.size() < MAX_SHEETS) {
                bound.add(sheet);
            } else if (record instanceof FormatRecord format) {
                own.put(format.getIndexCode(), format.getFormatString());
            } else if (record instanceof ExtendedFormatRecord style && styles.size() < MAX_STYLES) {
                styles.add((int) style.getFormatIndex());
            } else if (record instanceof DateWindow1904Record window) {
                from1904 = window.getWindowing() == 1;
            }
        }
        formats = NumberFormats.of(styles, own, from1904);
        BinaryTexts.addTo(texts, bytes.shared());
        List<BoundSheetRecord> inOrder = Arrays.asList(BoundSheetRecord.orderByBofPosition(bound));
        places = bound.stream().mapToInt(inOrder::indexOf).toArray();
        for (BoundSheetRecord sheet : bound) {
            String name = sheet.getSheetname();
            sheets.add(new Sheet(
                    name.substring(0, Math.min(name.length(), MAX_NAME)), !sheet.isHidden() && !sheet.isVeryHidden()));
        }
    }

    @Override
    public List<Sheet> sheets() {
        return List.copyOf(sheets);
    }

    @Override
    public Rows rows(int sheet) {
        if (sheet >= places.length) {
            throw XmlPart.damaged();
        }
        RecordFactoryInputStream records = records(bytes());
        int left = places[sheet];
        int depth = 0;
        for (Record record = next(records); record != null; record = next(records)) {
            if (record instanceof BOFRecord start) {
                // The first one begins what belongs to all sheets. Charts begin and end inside of a sheet.
                boolean isSheet = depth == 0 && start.getType() != BOFRecord.TYPE_WORKBOOK;
                if (isSheet && left == 0) {
                    return new BinaryRows(records, texts, formats);
                }
                left -= isSheet ? 1 : 0;
                depth++;
            } else if (record instanceof EOFRecord) {
                depth--;
            }
        }
        throw XmlPart.damaged();
    }

    /** Returns the refusal of a file that refers to what it does not have. */
    static ProblemException damaged(long row) {
        return Problem.UNREADABLE_TABLE.because("Row " + row
                + " refers to a text that the workbook does not have, so it is damaged; save it again as .xlsx, or as"
                + " CSV in UTF-8");
    }

    @Override
    public void close() {
        texts.close();
        try {
            file.close();
        } catch (IOException ignored) {
            // The file was only read.
        }
    }
}
