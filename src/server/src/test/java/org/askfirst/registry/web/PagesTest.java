package org.askfirst.registry.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.house.RegistryTest;
import org.junit.jupiter.api.Test;

/** Every address of a page serves the document with strict headers, and all files that it needs exist. */
@QuarkusTest
class PagesTest extends RegistryTest {
    private static final Pattern LOCAL = Pattern.compile("(?:\"|src=|href=)\"?(/(?:app|_static|webjars)/[^\" >]+)\"");
    private static final String ID = "d_01jd8v4n2c7e5g9j1k3m6p8r0t";

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyPageIsServedAtItsAddress() throws Exception {
        for (String path : List.of(
                "/",
                "/declare",
                "/check?subject=x",
                "/mine",
                "/bulk",
                "/bulk/i_" + "0".repeat(32),
                "/crawlers",
                "/key",
                "/recover",
                "/recover/r_0123456789abcdef",
                "/prove?subject=domain:example.com",
                "/members",
                "/d/" + ID,
                "/d/" + ID + "/amend",
                "/docs/api")) {
            HttpResponse<String> page = get(path, "text/html,*/*;q=0.8");
            assertEquals(200, page.statusCode(), path);
            assertEquals(
                    "text/html;charset=UTF-8",
                    page.headers().firstValue("Content-Type").orElse(""),
                    path);
            String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.startsWith("default-src 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertFalse(page.body().contains("style="), "an inline style would be refused");
        }
    }

    @Test
    void theImportMapIsAllowedByItsHash() throws Exception {
        HttpResponse<String> page = get("/", "text/html");
        Matcher inline =
                Pattern.compile("<script type=\"importmap\">([^<]+)</script>").matcher(page.body());
        assertTrue(inline.find());
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(inline.group(1).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").contains("'sha256-" + hash + "'"));
    }

    @Test
    void everyFileThatThePagesNameExists() throws Exception {
        for (String path : List.of("/", "/docs/api")) {
            int named = 0;
            for (Matcher local = LOCAL.matcher(get(path, "text/html").body()); local.find(); ) {
                String address = local.group(1).endsWith("/lit-element/4.2.1/")
                        ? local.group(1) + "lit-element.js"
                        : local.group(1);
                if (!address.endsWith("/")) {
                    HttpResponse<String> thing = get(address, "*/*");
                    assertEquals(200, thing.statusCode(), address);
                    assertEquals(
                            address.startsWith("/app/") ? "no-cache" : "public, max-age=31536000, immutable",
                            thing.headers().firstValue("Cache-Control").orElse(""),
                            address);
                    named++;
                }
            }
            assertTrue(named > 4, path);
        }
    }

    @Test
    void aPersonGetsAPageAndAProgramGetsAProblem() throws Exception {
        HttpResponse<String> person = get("/nothing/here", "text/html,*/*");
        assertEquals(404, person.statusCode());
        assertTrue(person.body().contains("<ask-first>"));
        for (HttpResponse<String> program : List.of(get("/nothing/here", "*/*"), get("/v1/nothing", "text/html,*/*"))) {
            assertEquals(404, program.statusCode());
            assertTrue(program.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json"));
        }
    }

    @Test
    void aCertificateHasACodeOfItsAddress() throws Exception {
        HttpResponse<String> code = get("/d/" + ID + "/qr.svg", "image/*");
        assertEquals(200, code.statusCode());
        assertEquals("image/svg+xml", code.headers().firstValue("Content-Type").orElse(""));
        assertTrue(code.body().startsWith("<svg xmlns="));
    }
}
