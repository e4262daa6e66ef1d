package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A comparison that finds nothing different would make every README true. */
class AnswerLikenessTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | {'verdict':'ask'} | {'verdict':'ask'}",
                "false | {'verdict':'ask'} | {'verdict':'deny'}",
                "false | {'verdict':'ask'} | {'verdict':'ask','more':1}",
                "false | {'verdict':'ask','more':1} | {'verdict':'ask'}",
                "false | [1,2] | [1,2,3]",
                "false | {'applied':true} | {'applied':false}",
                "true | {'at':'2026-11-22T09:00:00Z'} | {'at':'2027-01-01T10:11:12.123456Z'}",
                "false | {'at':'2026-11-22T09:00:00Z'} | {'at':'2027-01-01'}",
                "true | {'asOf':'1@2026-11-22T09:00:00Z'} | {'asOf':'42@2027-01-01T10:11:12.123456Z'}",
                "false | {'asOf':'1@2026-11-22T09:00:00Z'} | {'asOf':'2027-01-01T10:11:12.123456Z'}",
                "true | ['p_00000000000000000000000001','p_00000000000000000000000001']"
                        + " | ['p_00000000000000000000000007','p_00000000000000000000000007']",
                "false | ['p_00000000000000000000000001','p_00000000000000000000000001']"
                        + " | ['p_00000000000000000000000007','p_00000000000000000000000008']",
                "false | ['p_00000000000000000000000001','p_00000000000000000000000002']"
                        + " | ['p_00000000000000000000000007','p_00000000000000000000000007']",
                "false | 'p_00000000000000000000000001' | 'd_00000000000000000000000001'",
                "true | [{'position':1},{'position':3}] | [{'position':41},{'position':43}]",
                "false | [{'position':1},{'position':3}] | [{'position':41},{'position':42}]",
                "false | {'status':1} | {'status':2}",
            })
    void tellsWhatDiffers(boolean alike, String shown, String actual) throws IOException {
        assertEquals(
                alike,
                new AnswerLikeness()
                        .compare("", JSON.readTree(shown.replace('\'', '"')), JSON.readTree(actual.replace('\'', '"')))
                        .isEmpty());
    }
}
