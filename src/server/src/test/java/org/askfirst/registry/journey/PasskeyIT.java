package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An account survives the loss of its key: a person saves a passkey, loses everything else, and comes back. */
class PasskeyIT {
    @Test
    void aPersonWhoLostEverythingElseComesBackWithAPasskey() throws IOException {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        try (Service service = Service.inEmptyFolder().start();
                Browser browser = new Browser(path ->
                        URI.create("http://localhost:" + service.uri("/").getPort() + path))) {
            browser.of("en", 390, false).open("/declare");
            browser.getsAuthenticator();
            browser.type("#typed", "978-89-546-5113-4\n");
            browser.await(".item .tag");
            browser.click(".flow .primary");
            browser.click("#mode-ask");
            browser.type("#contact", "haneul@example.com");
            browser.type("#party-name", "Haneul Kim");
            browser.click("#consent");
            browser.click(".flow .primary");
            String key = browser.await("#shown-key").getText();
            browser.click(".key-box af-passkey button");
            browser.awaitText("The passkey is saved");
            assertEquals(true, browser.script("return document.querySelector('#key-kept').checked"));

            // The key leaves the device, after she was told and could save it. She stays signed in.
            browser.await("#key-away");
            browser.watchSaving();
            browser.click("[aria-labelledby=key-away] .button");
            assertTrue(browser.saved().contains(key), "the file has the key");
            browser.click("[aria-labelledby=key-away] .primary");
            browser.awaitGone("#key-away");
            assertEquals("session", browser.script("return JSON.parse(localStorage['askfirst.account']).key"));
            assertEquals(false, browser.script("return JSON.stringify(localStorage).includes('afk_')"));
            browser.open("/key");
            browser.awaitText("Signed in with a key");
            browser.click("[aria-label^='Rename passkey']");
            browser.type("#passkey-name", "My telephone");
            browser.click("#rename .primary");
            browser.awaitText("My telephone");
            browser.inspect("key-passkey-renamed");

            // Nothing is left on the device but the passkey, which the browser keeps elsewhere.
            browser.of("en", 390, false).open("/key");
            browser.inspect("key-signed-out");
            browser.click("af-passkey button");
            browser.awaitText("Haneul Kim");
            browser.awaitText("Signed in with a passkey");
            assertEquals("session", browser.script("return JSON.parse(localStorage['askfirst.account']).key"));
            assertEquals("", browser.script("return document.cookie"), "no script can read the cookie");
            browser.inspect("key-signed-in");

            browser.open("/declare");
            browser.type("#typed", "978-89-364-3412-0\n");
            browser.await(".item .tag");
            browser.click(".flow .primary");
            browser.click("#mode-ask");
            browser.type("#contact", "haneul@example.com");
            browser.click(".flow .primary");
            browser.await(".cards .card");

            browser.open("/key");
            browser.awaitText("Signed in with a passkey");
            browser.click("[aria-label^='Sign out']");
            browser.await("#sign-in");

            // The key, on another device, makes a link to this one.
            String link = service.send(HttpRequest.newBuilder(service.uri("/v1/sessions/links"))
                            .header("Authorization", "Bearer " + key)
                            .POST(HttpRequest.BodyPublishers.noBody()))
                    .body();
            Matcher token = Pattern.compile("#link=afl_[0-9a-z]+").matcher(link);
            assertTrue(token.find(), link);
            browser.open("/");
            browser.open("/key" + token.group());
            browser.click("[aria-labelledby=follow] button");
            browser.awaitText("Signed in with a key");
            browser.awaitText("Haneul Kim");
            assertEquals("", browser.script("return location.hash"));
            assertEquals("", browser.complaints());
        }
    }
}
