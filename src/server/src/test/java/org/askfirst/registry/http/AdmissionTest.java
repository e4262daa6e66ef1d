package org.askfirst.registry.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Eventually;
import org.junit.jupiter.api.Test;

/** Requests that could not be answered soon are refused at once, with the time of a new attempt. */
@QuarkusTest
class AdmissionTest extends RegistryTest {
    private static final int MORE_THAN_ARE_ADMITTED = 420;

    private Socket halfARequest() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        String head = "POST /v1/lookups HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{\"items\":";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static int lookUp() {
        return given().queryParam("subject", "isbn:9788936434120")
                .queryParam("detail", "verdict")
                .get("/v1/lookup")
                .statusCode();
    }

    @Test
    void requestsAboveTheLimitAreRefusedAtOnce() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            while (slow.size() < MORE_THAN_ARE_ADMITTED) {
                slow.add(halfARequest());
            }
            Eventually.get(AdmissionTest::lookUp, status -> status == 503);
            given().queryParam("subject", "isbn:9788936434120")
                    .get("/v1/lookup")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1")
                    .header("Content-Type", containsString("application/problem+json"))
                    .body("type", containsString("unavailable"));
            given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        // Requests that have ended make room for others.
        Eventually.get(AdmissionTest::lookUp, status -> status == 200);
    }
}
