package org.askfirst.client.command;

import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.VersionParser;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Types;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file. It is copied with the columns of the answer behind its own.
 *
 * <p>Only the columns that name works are read. The bytes of all columns are copied as they are, so each keeps its type,
 * its encoding and its compression. Columns of an earlier answer are left out. Used by one thread.
 */
final class Parquet implements AutoCloseable {
    /** The works of these rows, answered: for each the cells of {@link Rows#ADDED}. */
    interface Answers {
        List<List<String>> of(List<List<String>> works);
    }

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int END = MAGIC.length + Integer.BYTES;
    private static final int MAX_FOOTER = 128 << 20;
    private static final int MAX_PAGE = 256 << 20;
    private static final int TOGETHER = 4_096;

    /** So many rows show if a column has addresses, and so many of a hundred must be one. */
    private static final int SAMPLED = 1_000;

    private static final int ENOUGH = 95;

    /** The columns as Arrow, Spark and Avro note them once more. These notes would hide the columns of the answer. */
    private static final Set<String> SCHEMAS =
            Set.of("ARROW:schema", "org.apache.spark.sql.parquet.row.metadata", "parquet.avro.schema", "avro.schema");

    private final FileChannel file;
    private final FileMetaData footer;
    private final List<Column> columns;
    private final List<Column> asked;

    /**
     * A column at the top of the schema.
     *
     * @param leaf the number of its first leaf, and of its chunk in each group of rows
     * @param leaves the number of its leaves: one, unless it is nested
     * @param element its place in the list of the schema
     * @param elements the number of its elements there
     */
    private record Column(String name, int leaf, int leaves, int element, int elements) {}

    private Parquet(FileChannel file, @Nullable String column) throws IOException {
        this.file = file;
        this.footer = footer(file);
        this.columns = columns(footer.getSchema());
        checkChunks();
        this.asked = asked(column);
    }

    /** Returns true for the name of a Parquet file. */
    static boolean isNamed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".parquet") || lower.endsWith(".pq");
    }

    /**
     * Opens a file.
     *
     * @param column the name of the column with the works; null to find it
     * @throws IOException if it is no Parquet file, or one that cannot be read
     * @throws IllegalArgumentException if no column can be found
     */
    static Parquet open(Path path, @Nullable String column) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return new Parquet(file, column);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** Returns the number of rows. */
    long rows() {
        return footer.getNum_rows();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static FileMetaData footer(FileChannel file) throws IOException {
        long size = file.size();
        byte[] start = bytes(file, 0, (int) Math.min(size, MAGIC.length));
        if (size < MAGIC.length + END || !Arrays.equals(start, MAGIC)) {
            byte[] text = bytes(file, 0, (int) Math.min(size, 40));
            throw new IOException(
                    new String(text, StandardCharsets.US_ASCII).startsWith("version https://git-lfs")
                            ? "this is a pointer of Git LFS and no Parquet file; run git lfs pull"
                            : "this is no Parquet file, or an encrypted one");
        }
        byte[] end = bytes(file, size - END, END);
        int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!Arrays.equals(Arrays.copyOfRange(end, Integer.BYTES, END), MAGIC)) {
            throw new IOException("the Parquet file is cut short, or its footer is encrypted");
        }
        if (length < 0 || length > MAX_FOOTER || length > size - END - MAGIC.length) {
            throw new IOException("the footer of the Parquet file has an impossible length");
        }
        FileMetaData footer;
        try {
            footer = Util.readFileMetaData(new ByteArrayInputStream(bytes(file, size - END - length, length)));
        } catch (IOException | RuntimeException damaged) {
            throw new IOException("the footer of the Parquet file cannot be read", damaged);
        }
        if (footer.isSetEncryption_algorithm()) {
            throw new IOException("the Parquet file has encrypted columns");
        }
        return footer;
    }

    private static byte[] bytes(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the Parquet file is cut short");
            }
        }
        return bytes.array();
    }

    /** Returns the columns at the top of a schema, which is a tree written depth first. */
    private static List<Column> columns(List<SchemaElement> schema) throws IOException {
        List<Column> columns = new ArrayList<>();
        int leaf = 0;
        int at = 1;
        while (at < schema.size()) {
            int first = at;
            int leaves = 0;
            int open = 1;
            while (open > 0) {
                if (at == schema.size()) {
                    throw new IOException("the schema of the Parquet file is incomplete");
                }
                SchemaElement element = schema.get(at++);
                int children = element.getNum_children();
                if (children < 0) {
                    throw new IOException("the schema of the Parquet file is damaged");
                }
                open += children - 1;
                leaves += children == 0 ? 1 : 0;
            }
            columns.add(new Column(schema.get(first).getName(), leaf, leaves, first, at - first));
            leaf += leaves;
        }
        if (columns.isEmpty() || schema.get(0).getNum_children() != columns.size()) {
            throw new IOException("the schema of the Parquet file is damaged");
        }
        return columns;
    }

    private void checkChunks() throws IOException {
        int leaves = columns.stream().mapToInt(Column::leaves).sum();
        long rows = 0;
        for (RowGroup group : footer.getRow_groups()) {
            rows += group.getNum_rows();
            if (group.getColumnsSize() != leaves || group.getNum_rows() < 0) {
                throw new IOException("a group of rows of the Parquet file is damaged");
            }
            if (group.getNum_rows() == 0) {
                continue;
            }
            for (ColumnChunk chunk : group.getColumns()) {
                if (!chunk.isSetMeta_data() || chunk.isSetFile_path() || chunk.isSetCrypto_metadata()) {
                    throw new IOException("a column of the Parquet file is in another file, or encrypted");
                }
                long start = start(chunk.getMeta_data());
                long length = chunk.getMeta_data().getTotal_compressed_size();
                if (start < MAGIC.length
                        || length < 0
                        || start > file.size() - END
                        || length > file.size() - END - start) {
                    throw new IOException("a column of the Parquet file is not where its footer says");
                }
            }
        }
        if (rows != footer.getNum_rows()) {
            throw new IOException("the Parquet file has another number of rows than its footer says");
        }
    }

    private static long start(ColumnMetaData chunk) {
        long data = chunk.getData_page_offset();
        long dictionary = chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : 0;
        return dictionary > 0 ? Math.min(data, dictionary) : data;
    }

    // ---- The columns that name works

    private List<Column> asked(@Nullable String column) throws IOException {
        List<String> names = columns.stream().map(Column::name).toList();
        List<Column> found = new ArrayList<>();
        for (String name : Rows.naming(names, column)) {
            Column one = columns.get(names.indexOf(name));
            if (!hasTexts(one)) {
                throw new IllegalArgumentException(
                        "the column " + name + " has no texts, so it names no works; give another with --column");
            }
            found.add(one);
        }
        boolean isGuessed = found.isEmpty() && column == null;
        for (int i = 0; isGuessed && i < columns.size(); i++) {
            if (hasTexts(columns.get(i)) && hasAddresses(columns.get(i))) {
                found.add(columns.get(i));
            }
        }
        if (isGuessed && found.size() > 1) {
            throw new IllegalArgumentException(
                    "several columns have addresses, and the address of a page is no name of a "
                            + "picture on it; give one with --column: "
                            + found.stream().map(Column::name).toList());
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no column is known to name works; give it with --column. The file has "
                    + names + ". An md5, a sha1 and a number cannot be matched");
        }
        return found;
    }

    private boolean hasTexts(Column column) {
        SchemaElement element = footer.getSchema().get(column.element);
        return column.elements == 1
                && element.getType() == Type.BYTE_ARRAY
                && element.getRepetition_type() != FieldRepetitionType.REPEATED;
    }

    private boolean hasAddresses(Column column) throws IOException {
        int rows = 0;
        int addresses = 0;
        for (RowGroup group : footer.getRow_groups()) {
            int some = (int) Math.min(group.getNum_rows(), SAMPLED - rows);
            if (some > 0) {
                Texts texts = new Texts(group, column);
                for (int i = 0; i < some; i++) {
                    addresses += isAddress(texts.next()) ? 1 : 0;
                }
                rows += some;
            }
        }
        return addresses > 0 && addresses * 100L >= (long) ENOUGH * rows;
    }

    private static boolean isAddress(String text) {
        if (!text.regionMatches(true, 0, "http", 0, 4)) {
            return false;
        }
        try {
            Subject.parse("url:" + text.strip());
            return true;
        } catch (ProblemException none) {
            return false;
        }
    }

    /** The texts of one column in a group of rows; an empty one for a cell without a value. */
    private final class Texts {
        private final ColumnReader reader;
        private final int depth;
        private long left;

        Texts(RowGroup group, Column column) throws IOException {
            ColumnMetaData chunk = group.getColumns().get(column.leaf).getMeta_data();
            if (chunk.getNum_values() != group.getNum_rows()) {
                throw new IOException("a column of the Parquet file has another number of values than rows");
            }
            boolean isRequired =
                    footer.getSchema().get(column.element).getRepetition_type() == FieldRepetitionType.REQUIRED;
            depth = isRequired ? 0 : 1;
            left = group.getNum_rows();
            PrimitiveType.PrimitiveTypeName binary = PrimitiveType.PrimitiveTypeName.BINARY;
            PrimitiveType type = (isRequired ? Types.required(binary) : Types.optional(binary)).named(column.name);
            try {
                reader = new ColumnReaderImpl(
                        new ColumnDescriptor(new String[] {column.name}, type, 0, depth),
                        new Pages(chunk),
                        new PrimitiveConverter() {},
                        VersionParser.parse(footer.isSetCreated_by() ? footer.getCreated_by() : ""));
            } catch (VersionParser.VersionParseException | RuntimeException damaged) {
                throw damaged(damaged);
            }
        }

        String next() throws IOException {
            try {
                boolean isPresent = reader.getCurrentDefinitionLevel() == depth;
                String text = isPresent ? reader.getBinary().toStringUsingUTF8() : "";
                if (--left > 0) {
                    reader.consume();
                }
                return text;
            } catch (RuntimeException damaged) {
                throw damaged(damaged);
            }
        }

        private static IOException damaged(Exception cause) {
            return cause.getCause() instanceof IOException known
                    ? known
                    : new IOException("a column of the Parquet file cannot be read: " + cause.getMessage(), cause);
        }
    }

    /** The pages of a column in a group of rows. */
    private final class Pages implements PageReader {
        private final ColumnMetaData chunk;
        private final InputStream in;
        private @Nullable PageHeader ahead;
        private long left;

        Pages(ColumnMetaData chunk) {
            this.chunk = chunk;
            this.in = new BufferedInputStream(new Part(start(chunk), chunk.getTotal_compressed_size()), 1 << 16);
            this.left = chunk.getNum_values();
        }

        @Override
        public long getTotalValueCount() {
            return chunk.getNum_values();
        }

        @Override
        public @Nullable DictionaryPage readDictionaryPage() {
            try {
                PageHeader header = header();
                if (!header.isSetDictionary_page_header()) {
                    ahead = header;
                    return null;
                }
                DictionaryPageHeader dictionary = header.getDictionary_page_header();
                // Each value has its length in front.
                if (dictionary.getNum_values() < 0
                        || dictionary.getNum_values() > header.getUncompressed_page_size() / Integer.BYTES) {
                    throw new IOException("a dictionary of the Parquet file is damaged");
                }
                return new DictionaryPage(
                        BytesInput.from(content(header)),
                        dictionary.getNum_values(),
                        encoding(dictionary.getEncoding()));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        @Override
        public @Nullable DataPage readPage() {
            try {
                while (left > 0) {
                    PageHeader header = header();
                    if (header.isSetData_page_header()) {
                        DataPageHeader page = header.getData_page_header();
                        left -= values(page.getNum_values());
                        return new DataPageV1(
                                BytesInput.from(content(header)),
                                page.getNum_values(),
                                header.getUncompressed_page_size(),
                                null,
                                encoding(page.getRepetition_level_encoding()),
                                encoding(page.getDefinition_level_encoding()),
                                encoding(page.getEncoding()));
                    }
                    if (header.isSetData_page_header_v2()) {
                        return second(header, header.getData_page_header_v2());
                    }
                    in.skipNBytes(length(header));
                }
                return null;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        private DataPage second(PageHeader header, DataPageHeaderV2 page) throws IOException {
            left -= values(page.getNum_values());
            byte[] all = in.readNBytes(length(header));
            int repetition = page.getRepetition_levels_byte_length();
            int levels = repetition + page.getDefinition_levels_byte_length();
            if (repetition < 0 || levels < repetition || levels > all.length || levels > MAX_PAGE) {
                throw new IOException("a page of the Parquet file is damaged");
            }
            byte[] data = Arrays.copyOfRange(all, levels, all.length);
            boolean isCompressed = !page.isSetIs_compressed() || page.isIs_compressed();
            int size = header.getUncompressed_page_size() - levels;
            return DataPageV2.uncompressed(
                    page.getNum_rows(),
                    page.getNum_nulls(),
                    page.getNum_values(),
                    BytesInput.from(Arrays.copyOfRange(all, 0, repetition)),
                    BytesInput.from(Arrays.copyOfRange(all, repetition, levels)),
                    encoding(page.getEncoding()),
                    BytesInput.from(
                            isCompressed && data.length > 0 ? decompressed(chunk.getCodec(), data, size) : data),
                    null);
        }

        private PageHeader header() throws IOException {
            PageHeader known = ahead;
            ahead = null;
            return known != null ? known : Util.readPageHeader(in);
        }

        private int values(int count) throws IOException {
            if (count < 0 || count > left) {
                throw new IOException("a page of the Parquet file has another number of values than its column");
            }
            return count;
        }

        private int length(PageHeader header) throws IOException {
            int length = header.getCompressed_page_size();
            int uncompressed = header.getUncompressed_page_size();
            if (length < 0
                    || length > MAX_PAGE
                    || length > chunk.getTotal_compressed_size()
                    || uncompressed < 0
                    || uncompressed > MAX_PAGE) {
                throw new IOException("a page of the Parquet file is too long");
            }
            return length;
        }

        private byte[] content(PageHeader header) throws IOException {
            byte[] compressed = in.readNBytes(length(header));
            return decompressed(chunk.getCodec(), compressed, header.getUncompressed_page_size());
        }

        private static org.apache.parquet.column.Encoding encoding(Encoding encoding) {
            return org.apache.parquet.column.Encoding.valueOf(encoding.name());
        }
    }

    private static byte[] decompressed(CompressionCodec codec, byte[] bytes, int length) throws IOException {
        if (length < 0) {
            throw new IOException("a page of the Parquet file is damaged");
        }
        if (codec == CompressionCodec.UNCOMPRESSED) {
            return bytes;
        }
        byte[] out = new byte[length];
        int read;
        try {
            read = switch (codec) {
                case GZIP -> new GZIPInputStream(new ByteArrayInputStream(bytes)).readNBytes(out, 0, length);
                case SNAPPY -> new SnappyDecompressor().decompress(bytes, 0, bytes.length, out, 0, length);
                case ZSTD -> new ZstdDecompressor().decompress(bytes, 0, bytes.length, out, 0, length);
                case LZ4_RAW -> new Lz4Decompressor().decompress(bytes, 0, bytes.length, out, 0, length);
                default ->
                    throw new IOException("a column of the Parquet file is compressed with " + codec
                            + ", which this command cannot read; write it with ZSTD, Snappy or GZIP");
            };
        } catch (RuntimeException damaged) {
            throw new IOException("a page of the Parquet file is damaged", damaged);
        }
        if (read != length) {
            throw new IOException("a page of the Parquet file is damaged");
        }
        return out;
    }

    /** A part of the file. */
    private final class Part extends InputStream {
        private long at;
        private final long end;

        Part(long from, long length) {
            at = from;
            end = from + length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int read = file.read(ByteBuffer.wrap(buffer, from, (int) Math.min(length, end - at)), at);
            at += Math.max(0, read);
            return read;
        }
    }

    // ---- The copy

    /** Writes the file with the columns of the answer. */
    void copy(Path output, Answers answers) throws IOException {
        List<Column> dropped =
                columns.stream().filter(one -> Rows.isAdded(one.name)).toList();
        FileMetaData next = new FileMetaData(footer);
        next.setSchema(schema(dropped));
        next.setRow_groups(new ArrayList<>());
        if (next.isSetColumn_orders()) {
            next.setColumn_orders(orders(dropped));
        }
        if (next.isSetKey_value_metadata()) {
            List<KeyValue> kept = new ArrayList<>(next.getKey_value_metadata());
            kept.removeIf(one -> SCHEMAS.contains(one.getKey()));
            next.setKey_value_metadata(kept);
        }
        try (FileChannel out = FileChannel.open(
                output, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream stream = Channels.newOutputStream(out);
            stream.write(MAGIC);
            for (RowGroup group : footer.getRow_groups()) {
                if (group.getNum_rows() > 0) {
                    next.addToRow_groups(copy(group, dropped, answers, out));
                }
            }
            ByteArrayOutputStream end = new ByteArrayOutputStream();
            Util.writeFileMetaData(next, end);
            int length = end.size();
            end.write(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(length)
                    .array());
            end.write(MAGIC);
            stream.write(end.toByteArray());
            out.force(true);
        }
    }

    private List<SchemaElement> schema(List<Column> dropped) {
        List<SchemaElement> schema = new ArrayList<>();
        SchemaElement root = new SchemaElement(footer.getSchema().get(0));
        root.setNum_children(columns.size() - dropped.size() + Rows.ADDED.size());
        schema.add(root);
        for (Column column : columns) {
            if (!dropped.contains(column)) {
                schema.addAll(footer.getSchema().subList(column.element, column.element + column.elements));
            }
        }
        for (String name : Rows.ADDED) {
            SchemaElement element = new SchemaElement(name);
            element.setType(type(name));
            element.setRepetition_type(FieldRepetitionType.REQUIRED);
            if (type(name) == Type.BYTE_ARRAY) {
                element.setConverted_type(ConvertedType.UTF8);
                element.setLogicalType(LogicalType.STRING(new StringType()));
            }
            schema.add(element);
        }
        return schema;
    }

    private static Type type(String added) {
        return added.equals(Rows.POSITION) ? Type.INT64 : Type.BYTE_ARRAY;
    }

    private List<ColumnOrder> orders(List<Column> dropped) {
        List<ColumnOrder> orders = new ArrayList<>();
        for (Column column : columns) {
            for (int i = column.leaf; !dropped.contains(column) && i < column.leaf + column.leaves; i++) {
                orders.add(footer.getColumn_orders().get(i));
            }
        }
        for (int i = 0; i < Rows.ADDED.size(); i++) {
            orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
        }
        return orders;
    }

    private RowGroup copy(RowGroup group, List<Column> dropped, Answers answers, FileChannel out) throws IOException {
        RowGroup next = new RowGroup(group);
        List<ColumnChunk> chunks = new ArrayList<>();
        long from = out.position();
        long size = 0;
        for (Column column : columns) {
            for (int i = column.leaf; !dropped.contains(column) && i < column.leaf + column.leaves; i++) {
                ColumnChunk chunk = moved(group.getColumns().get(i), out);
                size += chunk.getMeta_data().getTotal_uncompressed_size();
                chunks.add(chunk);
            }
        }
        for (Added one : answered(group, answers)) {
            ColumnChunk chunk = one.chunk(group.getNum_rows(), out);
            size += chunk.getMeta_data().getTotal_uncompressed_size();
            chunks.add(chunk);
        }
        next.setColumns(chunks);
        next.setTotal_byte_size(size);
        next.setTotal_compressed_size(out.position() - from);
        next.setFile_offset(from);
        if (!dropped.isEmpty()) {
            next.unsetSorting_columns();
        }
        return next;
    }

    /** Copies the bytes of a column, and returns where they are. */
    private ColumnChunk moved(ColumnChunk chunk, FileChannel out) throws IOException {
        ColumnChunk next = new ColumnChunk(chunk);
        ColumnMetaData data = next.getMeta_data();
        long start = start(data);
        long by = out.position() - start;
        long end = start + data.getTotal_compressed_size();
        while (start < end) {
            start += file.transferTo(start, end - start, out);
        }
        data.setData_page_offset(data.getData_page_offset() + by);
        if (data.isSetDictionary_page_offset() && data.getDictionary_page_offset() > 0) {
            data.setDictionary_page_offset(data.getDictionary_page_offset() + by);
        } else {
            data.unsetDictionary_page_offset();
        }
        // What is not beside the pages is not copied. Readers do without.
        data.unsetIndex_page_offset();
        data.unsetBloom_filter_offset();
        data.unsetBloom_filter_length();
        next.unsetOffset_index_offset();
        next.unsetOffset_index_length();
        next.unsetColumn_index_offset();
        next.unsetColumn_index_length();
        next.setFile_offset(0);
        return next;
    }

    private List<Added> answered(RowGroup group, Answers answers) throws IOException {
        List<Added> added = Rows.ADDED.stream().map(Added::new).toList();
        List<Texts> texts = new ArrayList<>();
        for (Column column : asked) {
            texts.add(new Texts(group, column));
        }
        long left = group.getNum_rows();
        while (left > 0) {
            int some = (int) Math.min(left, TOGETHER);
            List<List<String>> works = new ArrayList<>(some);
            for (int i = 0; i < some; i++) {
                List<String> subjects = new ArrayList<>();
                boolean isReadable = true;
                for (int j = 0; j < texts.size(); j++) {
                    String text = texts.get(j).next();
                    isReadable &= Rows.isReadable(text);
                    String subject = Rows.subject(asked.get(j).name, text);
                    if (subject != null) {
                        subjects.add(subject);
                    }
                }
                works.add(subjects.isEmpty() || !isReadable ? Rows.UNREADABLE : subjects);
            }
            List<List<String>> cells = answers.of(works);
            for (int i = 0; i < added.size(); i++) {
                added.get(i).add(cells, i);
            }
            left -= some;
        }
        return added;
    }

    /** A column of the answer in one group of rows, as compressed pages. */
    private static final class Added {
        private final String name;
        private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
        private long uncompressed;

        Added(String name) {
            this.name = name;
        }

        /** Adds a page with one cell of each of these rows. */
        void add(List<List<String>> rows, int cell) throws IOException {
            ByteArrayOutputStream values = new ByteArrayOutputStream();
            for (List<String> row : rows) {
                ByteBuffer value;
                if (type(name) == Type.INT64) {
                    value = ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(Long.parseLong(row.get(cell)));
                } else {
                    byte[] text = row.get(cell).getBytes(StandardCharsets.UTF_8);
                    value = ByteBuffer.allocate(Integer.BYTES + text.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(text.length)
                            .put(text);
                }
                values.write(value.array());
            }
            SnappyCompressor compressor = new SnappyCompressor();
            byte[] compressed = new byte[compressor.maxCompressedLength(values.size())];
            int length = compressor.compress(values.toByteArray(), 0, values.size(), compressed, 0, compressed.length);
            PageHeader header = new PageHeader(PageType.DATA_PAGE, values.size(), length);
            header.setData_page_header(new DataPageHeader(rows.size(), Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
            int before = pages.size();
            Util.writePageHeader(header, pages);
            uncompressed += pages.size() - before + values.size();
            pages.write(compressed, 0, length);
        }

        ColumnChunk chunk(long rows, FileChannel out) throws IOException {
            ColumnMetaData data = new ColumnMetaData(
                    type(name),
                    List.of(Encoding.PLAIN, Encoding.RLE),
                    List.of(name),
                    CompressionCodec.SNAPPY,
                    rows,
                    uncompressed,
                    pages.size(),
                    out.position());
            ByteBuffer bytes = ByteBuffer.wrap(pages.toByteArray());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            ColumnChunk chunk = new ColumnChunk(0);
            chunk.setMeta_data(data);
            return chunk;
        }
    }
}
