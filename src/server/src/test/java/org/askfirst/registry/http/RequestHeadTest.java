package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path has one spelling, and the public address is an origin. */
class RequestHeadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/parties/me/keys/..",
                "/v1/parties/me/keys/%2e%2e",
                "/v1/parties/me/keys/%2E.",
                "/v1/parties/me/keys/..;x=y",
                "/v1/./lookup",
                "/v1/%2e/lookup",
                "/q/../v1/lookups",
                "//v1/lookup",
                "/v1//lookup",
                "/v1/lookup//",
                "/%71/metrics",
                "/v1/declarations/d_%61",
                "/v1/declarations/a%2fb",
                "/v1/declarations/a%5Cb",
                "/v1/..\\lookup",
                "/v1/%zz",
                "/v1/%",
                "/v1/%4",
                "v1/lookup",
                ""
            })
    void anotherSpellingOfAPathIsRefused(String path) {
        assertNotNull(RequestHead.faultOfPath(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/lookup",
                "/api/v2/query/urls/",
                "/v1/declarations/%00",
                "/v1/declarations/%F0%9F%98%80",
                "/v1/declarations/...",
                "/v1/declarations/.hidden",
                "/app/strings/ko.js",
                "/tile/0/x001/067.p/12"
            })
    void theUsualSpellingIsNot(String path) {
        assertNull(RequestHead.faultOfPath(path));
    }

    @Test
    void aPublicAddressIsAnOrigin() {
        assertEquals("https://a.example", PublicAddress.checked(URI.create("https://a.example/")));
        assertEquals("http://[::1]:8080", PublicAddress.checked(URI.create("http://[::1]:8080")));
        for (String wrong : new String[] {
            "a.example",
            "ftp://a.example",
            "https://a.example/path",
            "https://a.example?x",
            "https://u:p@a.example",
            "https:///x"
        }) {
            assertThrows(IllegalArgumentException.class, () -> PublicAddress.checked(URI.create(wrong)), wrong);
        }
    }
}
