package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.junit.jupiter.api.Test;

/** The pages know every reason for which a subject is refused, by the words that the reason begins with. */
class RefusalWordsTest {
    @Test
    void thePagesKnowEveryReason() throws IOException {
        String words = Files.readString(Path.of("src/main/resources/META-INF/resources/app/words.js"));
        List<String> unknown = new ArrayList<>();
        for (Refusal refusal : Refusal.values()) {
            if (!words.contains("'" + refusal.lead() + "': '")) {
                unknown.add(refusal.lead());
            }
        }
        assertEquals(List.of(), unknown);
    }
}
