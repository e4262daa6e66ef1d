package org.askfirst.registry.passkey;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks passkeys: who registers and signs in with them, and which answers of a browser are refused. */
@QuarkusTest
class PasskeyTest extends RegistryTest {
    private static final String PASSKEYS = "/v1/parties/me/passkeys";

    @Inject
    DataSource dataSource;

    private static SoftAuthenticator authenticator() throws GeneralSecurityException {
        return new SoftAuthenticator("http://localhost:" + RestAssured.port);
    }

    private static JsonNode challenge(RequestSpecification caller, String path) {
        return caller.post(path).then().statusCode(200).extract().as(JsonNode.class);
    }

    private static ValidatableResponse registering(Party party, SoftAuthenticator device) {
        JsonNode challenge = challenge(party.asks(), PASSKEYS + "/challenges");
        return party.says(Map.of(
                        "challenge", challenge.path("id").asText(),
                        "credential", device.creates(challenge.path("options")),
                        "label", "Telephone"))
                .post(PASSKEYS)
                .then();
    }

    private static String registers(Party party, SoftAuthenticator device) {
        return registering(party, device).statusCode(201).extract().path("id");
    }

    private static Map<String, Object> answer(SoftAuthenticator device) throws GeneralSecurityException {
        JsonNode challenge = challenge(given(), "/v1/sessions/challenges");
        return Map.of(
                "passkey",
                Map.of(
                        "challenge",
                        challenge.path("id").asText(),
                        "credential",
                        device.gets(challenge.path("options"))));
    }

    private static ValidatableResponse sending(Object answer) {
        return given().contentType("application/json")
                .body(Bodies.text(answer))
                .post("/v1/sessions")
                .then();
    }

    private static ValidatableResponse signingIn(SoftAuthenticator device) throws GeneralSecurityException {
        return sending(answer(device));
    }

    private static RequestSpecification page(ValidatableResponse signedIn) {
        return given().header("Cookie", signedIn.extract().header("Set-Cookie").split(";", 2)[0])
                .header("Askfirst-Session", "1")
                .header("Sec-Fetch-Site", "same-origin");
    }

    @Test
    void aPasskeySignsItsPartyInAndEndsWithItsSessions() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        String id = registers(party, device);
        ValidatableResponse signedIn = signingIn(device).statusCode(201).body("party", equalTo(party.id()));
        page(signedIn).get("/v1/parties/me").then().statusCode(200).body("id", equalTo(party.id()));
        page(signedIn)
                .get("/v1/sessions")
                .then()
                .body("sessions", hasSize(1))
                .body("sessions[0].method", equalTo("passkey"));
        party.says(Map.of("label", "Old telephone"))
                .patch(PASSKEYS + "/" + id)
                .then()
                .statusCode(200);
        party.asks()
                .get(PASSKEYS)
                .then()
                .body("passkeys", hasSize(1))
                .body("passkeys[0].label", equalTo("Old telephone"))
                .body("passkeys[0].lastUsedAt", notNullValue());
        Party.open().asks().delete(PASSKEYS + "/" + id).then().statusCode(404);
        party.asks().delete(PASSKEYS + "/" + id).then().statusCode(204);
        page(signedIn).get("/v1/parties/me").then().statusCode(401);
        signingIn(device).statusCode(401);
    }

    @Test
    void aPasskeyCanBeAddedAfterAFreshSignInOnly() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        ValidatableResponse signedIn = signingIn(device).statusCode(201);
        page(signedIn).post(PASSKEYS + "/challenges").then().statusCode(200);
        TestClock.ofService().forward(Duration.ofMinutes(15));
        page(signedIn)
                .post(PASSKEYS + "/challenges")
                .then()
                .statusCode(403)
                .body("type", containsString("sign-in-again"));
    }

    @Test
    void anAuthenticatorRegistersOnceAndOneThatVerifiesNobodyNever() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        registering(party, device).statusCode(422);
        registering(Party.open(), device).statusCode(422);
        SoftAuthenticator careless = authenticator();
        careless.verifies = false;
        registering(party, careless).statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"android-safetynet", "tpm", "fido-u2f", "x"})
    void attestationsThatNobodyAskedForAreRefused(String format) throws GeneralSecurityException {
        SoftAuthenticator device = authenticator();
        device.format = format;
        registering(Party.open(), device).statusCode(422).body("errors[0].pointer", equalTo("#/credential"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "https://localhost", "https://evil.example", "http://x.localhost"})
    void anAnswerFromAnotherOriginIsRefused(String origin) throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        device.origin = origin;
        signingIn(device).statusCode(401);
        SoftAuthenticator other = authenticator();
        other.origin = origin;
        registering(party, other).statusCode(422);
    }

    @Test
    void anAnswerForAnotherSiteOrWithoutVerificationIsRefused() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        device.rpId = "evil.example";
        signingIn(device).statusCode(401);
        device.rpId = "localhost";
        device.verifies = false;
        signingIn(device).statusCode(401);
        device.verifies = true;
        signingIn(device).statusCode(201);
    }

    @Test
    void aChallengeIsAnsweredOnceAndInTime() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        Map<String, Object> answer = answer(device);
        sending(answer).statusCode(201);
        sending(answer).statusCode(401).body("detail", containsString("challenge"));
        Map<String, Object> late = answer(device);
        TestClock.ofService().forward(Duration.ofMinutes(5));
        sending(late).statusCode(401);
        // A challenge to register is none to sign in, nor one of another party.
        JsonNode ofParty = challenge(party.asks(), PASSKEYS + "/challenges");
        sending(Map.of(
                        "passkey",
                        Map.of(
                                "challenge",
                                ofParty.path("id").asText(),
                                "credential",
                                device.gets(ofParty.path("options")))))
                .statusCode(401);
        Party.open()
                .says(Map.of(
                        "challenge",
                        ofParty.path("id").asText(),
                        "credential",
                        authenticator().creates(ofParty.path("options"))))
                .post(PASSKEYS)
                .then()
                .statusCode(422);
    }

    @Test
    void aCopiedPasskeyIsNoticedByItsCounter() throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        device.count = 5;
        registers(party, device);
        device.count = 7;
        signingIn(device).statusCode(201);
        signingIn(device).statusCode(401);
        device.count = 6;
        signingIn(device).statusCode(401);
        device.count = 8;
        signingIn(device).statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"passkey\":1}",
                "{\"link\":7}",
                "{\"link\":\"x\",\"passkey\":{\"challenge\":\"x\",\"credential\":{}}}",
                "{\"passkey\":{}}",
                "{\"passkey\":{\"challenge\":\"x\"}}",
                "{\"passkey\":{\"challenge\":\"x\",\"credential\":{},\"y\":1}}"
            })
    void aMalformedAnswerIsRefused(String body) {
        given().contentType("application/json")
                .body(body)
                .post("/v1/sessions")
                .then()
                .statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "{}", "{\"id\":\"%\"}", "{\"id\":\"AA\",\"response\":7}", "null"})
    void anAnswerThatIsNoCredentialIsRefused(String credential) throws GeneralSecurityException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        String id = challenge(given(), "/v1/sessions/challenges").path("id").asText();
        given().contentType("application/json")
                .body("{\"passkey\":{\"challenge\":\"" + id + "\",\"credential\":" + credential + "}}")
                .post("/v1/sessions")
                .then()
                .statusCode(401);
        String own =
                challenge(party.asks(), PASSKEYS + "/challenges").path("id").asText();
        party.says("{\"challenge\":\"" + own + "\",\"credential\":" + credential + "}")
                .post(PASSKEYS)
                .then()
                .statusCode(422);
    }

    @Test
    void aRecoveryEndsThePasskeysThatWereThereBefore() throws GeneralSecurityException, SQLException {
        Party party = Party.open();
        SoftAuthenticator device = authenticator();
        registers(party, device);
        try (Connection connection = dataSource.getConnection()) {
            Passkeys.removeMadeBefore(
                    connection,
                    PartyId.parse(party.id()).orElseThrow(),
                    TestClock.ofService().instant().plusSeconds(1));
        }
        signingIn(device).statusCode(401);
    }

    @Test
    void aPartyHasAtMostTwentyPasskeys() throws GeneralSecurityException {
        Party party = Party.open();
        for (int i = 0; i < 20; i++) {
            registers(party, authenticator());
        }
        party.asks()
                .post(PASSKEYS + "/challenges")
                .then()
                .statusCode(409)
                .body("type", containsString("too-many-keys"));
    }
}
