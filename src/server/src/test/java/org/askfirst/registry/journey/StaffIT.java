package org.askfirst.registry.journey;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;

/** A society gives a clerk a key that can declare and nothing else, in both languages. */
class StaffIT {
    @Test
    void aClerkGetsAKeyOfHerOwn() throws IOException {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        try (Service service = Service.inEmptyFolder().start();
                Browser browser = new Browser(path ->
                        URI.create("http://localhost:" + service.uri("/").getPort() + path))) {
            Registry registry = Registry.at(service::port, service::operatorKey);
            for (String language : List.of("ko", "en")) {
                Party society = registry.opens(Map.of("name", "한국작가회", "kind", "society"));
                browser.of(language, 390, false).open("/key");
                // This registry sends no e-mail, and says so.
                browser.type("#mail-in", "haneul@example.com");
                browser.click("af-mail-sign-in button");
                browser.await("af-mail-sign-in .note.warn");
                browser.inspect("key-mail-" + language);
                browser.type("#entered", society.key());
                browser.click("section[aria-labelledby=enter] .primary");
                browser.type("#staff-name", "박서연");
                browser.pick("#staff-role", "declare");
                browser.click("af-staff form .button");
                String key = browser.await("af-staff .key-box .value").getText();
                browser.inspect("key-staff-" + language);
                registry.anybody()
                        .header("Authorization", "Bearer " + key)
                        .get("/v1/parties/me")
                        .then()
                        .statusCode(200)
                        .body("id", equalTo(society.id()))
                        .body("keys.find { it.label == '박서연' }.scope", equalTo("declare"));
                registry.anybody()
                        .header("Authorization", "Bearer " + key)
                        .contentType("application/json")
                        .body("{\"label\": \"Another clerk\"}")
                        .post("/v1/parties/me/keys")
                        .then()
                        .statusCode(403);
                assertEquals("", browser.complaints());
            }
        }
    }
}
