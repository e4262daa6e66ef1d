package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.askfirst.tlog.Ed25519;
import org.askfirst.tlog.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compliance officer of a crawler company opens an account from nothing, looks a work up with her key, sees her quota
 * fall, and exports an audit. She and anybody else verify it without the registry.
 */
class AuditIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The words of one language that the officer reads. */
    private record Words(String tag, int width, String good, String bad, String isOwn) {}

    private static final Words KOREAN = new Words("ko", 390, "서명이 모두 맞아요. 작품 1건", "서명한 내용과 달라요", "이 등록부의 서명 키로 서명했어요");
    private static final Words ENGLISH = new Words(
            "en",
            1280,
            "All signatures are good. The questions and answers of 1 works",
            "is not what was signed",
            "made with a key of this registry");

    @Test
    void anOfficerProvesWhatSheAsked(@TempDir Path folder) throws Exception {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        try (Service service = Service.inEmptyFolder()
                        // So few that one lookup shows: a second gives two works back.
                        .with("ASKFIRST_QUOTA_KEYED", "120")
                        .start();
                Gate gate = Gate.to(service);
                Browser browser = new Browser(gate)) {
            Registry registry = Registry.at(service::port, service::operatorKey);
            Party novelist =
                    registry.opens(Map.of("name", "김하늘", "kind", "creator", "contact", "mailto:haneul@example.com"));
            String work = "isbn:9788936434120";
            novelist.declares(Draft.reserved("ai-training").of(work));
            JsonNode keys = JSON.readTree(service.send(HttpRequest.newBuilder(service.uri("/.well-known/jwks.json")))
                    .body());
            asks(browser, KOREAN, work, keys, folder);
            Path file = asks(browser, ENGLISH, work, keys, folder);
            // The registry is gone, and the page that she has open still verifies.
            assertEquals(Service.TERMINATED, service.stop());
            choose(browser, file);
            browser.awaitText(ENGLISH.good());
            browser.awaitText(ENGLISH.isOwn());
        }
    }

    private static Path asks(Browser browser, Words words, String work, JsonNode keys, Path folder) throws Exception {
        browser.of(words.tag(), words.width(), false).open("/crawlers");
        browser.type("#crawler-name", "Example AI");
        browser.click("form .primary");
        browser.await("#shown-key");
        browser.click("#key-kept");
        browser.await("[data-used=works]");
        assertEquals("0", browser.await("[data-used=works]").getText());
        browser.inspect("crawlers-account-" + words.tag());

        browser.open("/check?subject=" + work);
        browser.await(".verdict.ask");
        browser.await("#audit");
        browser.inspect("check-audit-" + words.tag());
        String csv = saved(browser, "af-audit button:nth-of-type(1)");
        assertTrue(csv.contains(work) && csv.contains("ask") && csv.contains("김하늘"), csv);
        String audit = saved(browser, "af-audit button:nth-of-type(2)");

        browser.open("/crawlers");
        browser.await("[data-used=contacts]");
        assertEquals("1", browser.await("[data-used=contacts]").getText());
        assertFalse(browser.await("[data-left=contacts]").getText().isEmpty());
        assertEquals(1, browser.count(".cards .card"));
        verify(JSON.readTree(audit), keys);
        Path file = Files.writeString(folder.resolve("audit-" + words.tag() + ".json"), audit);
        choose(browser, file);
        browser.awaitText(words.good());
        browser.awaitText(words.isOwn());
        Path changed = Files.writeString(
                folder.resolve("changed-" + words.tag() + ".json"), audit.replace("\"ask\"", "\"allow\""));
        choose(browser, changed);
        browser.awaitText(words.bad());
        assertEquals("", browser.complaints());
        return file;
    }

    /** Presses a button that saves a file, and returns the file's text. */
    private static String saved(Browser browser, String button) {
        browser.watchSaving();
        browser.script("window.saved = null");
        browser.click(button);
        for (int looks = 0; looks < 500 && browser.script("return window.saved") == null; looks++) {
            browser.sleep(40);
        }
        return browser.saved();
    }

    private static void choose(Browser browser, Path file) {
        browser.choose("af-verify-audit input", file);
    }

    /** Verifies an audit file as docs/formats/audit.md says, with the keys that were fetched before. */
    private static void verify(JsonNode audit, JsonNode keys)
            throws IOException, GeneralSecurityException, MalformedException {
        assertEquals("askfirst-audit-1", audit.path("format").asText());
        assertEquals(1, audit.path("lookups").size());
        for (JsonNode lookup : audit.path("lookups")) {
            ObjectNode answer = lookup.path("answer").deepCopy();
            String[] jws = answer.remove("receipt").asText().split("\\.", -1);
            JsonNode claims = part(jws[1]);
            byte[] key = {};
            for (JsonNode one : keys.path("keys")) {
                if (one.path("kid").equals(part(jws[0]).path("kid"))) {
                    key = Base64.getUrlDecoder().decode(one.path("x").asText());
                }
            }
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(Ed25519.publicKey(key));
            signature.update((jws[0] + "." + jws[1]).getBytes(StandardCharsets.US_ASCII));
            assertTrue(signature.verify(Base64.getUrlDecoder().decode(jws[2])));
            assertEquals(digest(lookup.path("request")), claims.path("request").asText());
            assertEquals(digest(answer), claims.path("answer").asText());
        }
    }

    private static JsonNode part(String encoded) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(encoded));
    }

    private static String digest(JsonNode tree) {
        Object value = JSON.convertValue(tree, Object.class);
        return HexFormat.of().formatHex(Sha256.of(CanonicalJson.write(value)));
    }
}
