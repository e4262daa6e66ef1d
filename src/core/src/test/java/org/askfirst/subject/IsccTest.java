package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

class IsccTest {
    private static final String COMPOSITE = "KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY";

    /** Tests every code of the standard's conformance data, for all kinds of content. */
    @Test
    void everyCodeOfTheConformanceDataIsCanonical() throws IOException {
        JsonNode groups = OthersVectors.read("iscc-core.json");
        List<String> codes = new ArrayList<>();
        for (JsonNode group : groups) {
            for (JsonNode vector : group) {
                codes.add(vector.path("outputs").path("iscc").asText());
            }
        }
        codes.removeIf(String::isEmpty);
        assertEquals(50, codes.size());
        for (String code : codes) {
            assertEquals(code, Iscc.parse(code).toString());
            assertEquals(code, Iscc.parse(code.toLowerCase(Locale.ROOT)).toString());
        }
    }

    @Test
    void announcedLengthsAreThoseOfTheConformanceData() throws IOException {
        int compared = 0;
        for (Map.Entry<String, JsonNode> group :
                OthersVectors.read("iscc-core.json").properties()) {
            for (JsonNode vector : group.getValue()) {
                JsonNode inputs = vector.path("inputs");
                JsonNode bits = inputs.path(inputs.size() - 1);
                if (bits.isInt() && !group.getKey().equals("_metadata")) {
                    assertEquals(
                            bits.asInt(),
                            Iscc.parse(vector.path("outputs").path("iscc").asText())
                                    .bits());
                    compared++;
                }
            }
        }
        assertEquals(45, compared);
    }

    @Test
    void unitsComposeAsInTheConformanceData() throws IOException {
        JsonNode vectors = OthersVectors.read("iscc-core.json").path("gen_iscc_code_v0");
        assertEquals(5, vectors.size());
        for (JsonNode vector : vectors) {
            List<String> units = new ArrayList<>();
            vector.path("inputs").path(0).forEach(unit -> units.add(unit.asText()));
            assertEquals(
                    vector.path("outputs").path("iscc").asText(),
                    Iscc.parse(String.join("-", units)).toString());
        }
    }

    @Test
    void takesACompositeApartAndPutsItTogetherAgain() {
        List<Iscc> units = Iscc.parse(COMPOSITE).units();
        assertEquals(
                List.of(Iscc.MainType.META, Iscc.MainType.CONTENT, Iscc.MainType.DATA, Iscc.MainType.INSTANCE),
                units.stream().map(Iscc::mainType).toList());
        assertEquals("AAAYPXW445FTYNJ3", units.get(0).canonical());
        assertEquals("EAARMJLTQCUWAND2", units.get(1).canonical());
        String joined = String.join("-", units.stream().map(Iscc::canonical).toList());
        assertEquals(COMPOSITE, Iscc.parse(joined).canonical());
    }

    @Test
    void readsEverySpelling() {
        for (String spelling : List.of(
                "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
                "iscc:kacypxw445ftynj3cysxhafjma2huwulunrfe3blhrscxyh2m5aegqy",
                "KACYPXW445FTYNJ3-CYSXHAFJMA2HUWUL-UNRFE3BLHRSCXYH2-M5AEGQY",
                "urn:iscc:" + COMPOSITE,
                "AAAYPXW445FTYNJ3-EAARMJLTQCUWAND2-GABVVC5DMJJGYKZ4ZBYVNYABFFYXG"
                        + "-IADWIK7A7JTUAQ2D6QARX7OBEIK3OOUAM42LOBLCZ4ZOGDLRHMDL6TQ")) {
            assertEquals(COMPOSITE, Iscc.parse(spelling).canonical());
        }
    }

    @Test
    void readsMultibase() {
        // "cc01", then the bytes of KUAG2PRCRS5LNVZVJKAFAVOJXLZZM in hexadecimal.
        String hex = "55006d3e228cbab6d7354a805055c9baf396";
        Iscc expected = Iscc.parse("KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        assertEquals(expected, Iscc.parse("fcc01" + hex));
        byte[] bytes = HexFormat.of().parseHex("cc01" + hex);
        assertEquals(
                expected,
                Iscc.parse("u" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
        assertEquals(expected, Iscc.parse("b" + IsccBases.toBase32(bytes).toLowerCase(Locale.ROOT)));
    }

    @Test
    void distanceIsOverTheCommonPrefix() {
        Iscc shorter = Iscc.parse("EAASKDNZNYGUUF5A");
        Iscc longer = Iscc.parse("EADSKDNZNYGUUF5AMFEJLZ5P66CP5YKCOA3X7F36RWE4CIRCBTUWXYY");
        assertEquals(0.0, shorter.distance(longer));
        assertEquals(1.0, longer.similarity(shorter));
        Iscc zeros = Iscc.parse("EEAQAAAAAAAAAAAA");
        Iscc one = Iscc.parse("EEBYAAAAAAAAAAAAAAAAAAAAAAAAA");
        assertEquals(1.0 / 64, zeros.distance(one));
        assertThrows(IllegalArgumentException.class, () -> zeros.distance(shorter));
        assertThrows(IllegalArgumentException.class, () -> Iscc.parse(COMPOSITE).distance(Iscc.parse(COMPOSITE)));
    }

    @Test
    void refusesWhatItsHeaderDoesNotAnnounce() {
        for (String wrong :
                List.of("KUAG2PRCRS5LNVZVJKAFAVOJXLZZ", "AAAZXZ6OU74YAZI", "77777777777777", "hello", "ISCC:")) {
            assertThrows(ProblemException.class, () -> Iscc.parse(wrong), wrong);
        }
    }

    @Test
    void nothingIsIdentifiedByTheCodeOfNoContent() {
        for (String empty :
                List.of("EAASL4F2WZY7KBXB", "EEAQAAAAAAAAAAAA", "EEBYAAAAAAAAAAAAAAAAAAAAAAAAA", "EIAQAAAAAAAAAAAA")) {
            assertEquals(List.of(), Iscc.parse(empty).heads(), empty);
        }
        assertEquals(1, Iscc.parse("EAASKDNZNYGUUF5A").heads().size());
    }

    /** Finds the same picture, declared with its title and asked without. */
    @Test
    void oneContentIsFoundUnderItsOtherCodes() {
        Subject declared = Subject.parse("iscc:" + COMPOSITE);
        Subject asked = Subject.parse("iscc:KAARMJLTQCUWAND2LKF2GYSSNQVTYZBL4D5GOQCDIM");
        List<SubjectKey> keys = declared.indexedAs().stream().map(Subject::key).toList();
        Expansion expansion = asked.expand();
        assertTrue(IntStream.range(0, expansion.size()).mapToObj(expansion::key).anyMatch(keys::contains));
    }
}
