package org.askfirst.registry.table;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * An XML file inside a packed document, read as a stream of events.
 *
 * <p>The file comes from a stranger. It must not have a document type, so it has no entities of its own. The number of
 * decoded bytes is limited for the whole file, and from one event to the next, so that no name, attribute or comment
 * can fill the memory. The depth is limited too.
 */
final class XmlPart implements Closeable {
    private static final int MAX_STEP = 1 << 21;
    private static final int MAX_DEPTH = 100;
    private static final InputFactoryImpl FACTORY = factory();

    private final Metered in;
    private final XMLStreamReader xml;
    private int depth;

    /**
     * Opens a file.
     *
     * @param maxSize number of decoded bytes that the file may have
     */
    XmlPart(InputStream in, long maxSize) throws IOException {
        this.in = new Metered(in, maxSize);
        try {
            this.xml = FACTORY.createXMLStreamReader(this.in);
        } catch (XMLStreamException malformed) {
            throw damaged(malformed);
        }
    }

    private static InputFactoryImpl factory() {
        InputFactoryImpl factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        return factory;
    }

    /** Returns true after moving to the start or the end of an element, or to a text; false at the end of the file. */
    boolean next() throws IOException {
        while (true) {
            in.step();
            switch (advance()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    if (depth > MAX_DEPTH) {
                        throw damaged();
                    }
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return true;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    return true;
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw damaged();
                case XMLStreamConstants.END_DOCUMENT -> {
                    return false;
                }
                default -> {
                    // Comments and processing instructions have no meaning here.
                }
            }
        }
    }

    private int advance() throws IOException {
        try {
            return xml.next();
        } catch (XMLStreamException malformed) {
            throw damaged(malformed);
        }
    }

    boolean isStart() {
        return xml.isStartElement();
    }

    /** Returns true at the start of an element with this name in any namespace. */
    boolean isStart(String name) {
        return xml.isStartElement() && xml.getLocalName().equals(name);
    }

    /** Returns true at the end of an element with this name in any namespace. */
    boolean isEnd(String name) {
        return xml.isEndElement() && xml.getLocalName().equals(name);
    }

    /** Returns the number of elements around the present place. */
    int depth() {
        return depth;
    }

    /** Returns an attribute of the element by its name without prefix; null if it has none. */
    @Nullable String attribute(String name) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (xml.getAttributeLocalName(i).equals(name)) {
                return xml.getAttributeValue(i);
            }
        }
        return null;
    }

    /** Adds the text at the present place, if there is one, to another text, as far as it may be long. */
    void addText(StringBuilder to, int maxLength) throws IOException {
        if (!xml.isCharacters()) {
            return;
        }
        try {
            String text = xml.getText();
            to.append(text, 0, Math.min(text.length(), Math.max(0, maxLength - to.length())));
        } catch (RuntimeException malformed) {
            throw malformed.getCause() instanceof XMLStreamException cause ? damaged(cause) : malformed;
        }
    }

    /** Returns the number of decoded bytes that were read so far. */
    long decoded() {
        return in.decoded;
    }

    private static ProblemException damaged(XMLStreamException malformed) throws IOException {
        Throwable cause = malformed.getNestedException();
        if (cause instanceof IOException broken
                && !(cause instanceof java.util.zip.ZipException)
                && !(cause instanceof java.io.CharConversionException)
                && !(cause instanceof java.io.EOFException)) {
            throw broken;
        }
        return damaged();
    }

    static ProblemException damaged() {
        return Problem.UNREADABLE_TABLE.because("The workbook is damaged; save it again as .xlsx, or as CSV in UTF-8");
    }

    static ProblemException tooLarge() {
        return Problem.UNREADABLE_TABLE.because(
                "The workbook is too large; save the sheet as CSV in UTF-8, which may be larger");
    }

    @Override
    public void close() throws IOException {
        try {
            xml.close();
        } catch (XMLStreamException ignored) {
            // The input is closed below, and there is nothing else to release.
        }
        in.close();
    }

    /** Counts the bytes that the parser takes. */
    private static final class Metered extends FilterInputStream {
        private long decoded;
        private long left;
        private long leftOfStep = MAX_STEP;

        Metered(InputStream in, long maxSize) {
            super(in);
            this.left = maxSize;
        }

        void step() {
            leftOfStep = MAX_STEP;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            decoded += Math.max(0, count);
            left -= count;
            leftOfStep -= count;
            if (left < 0) {
                throw tooLarge();
            }
            if (leftOfStep < 0) {
                throw Problem.UNREADABLE_TABLE.because(
                        "The workbook has a text or a name of more than a million characters");
            }
            return count;
        }
    }
}
