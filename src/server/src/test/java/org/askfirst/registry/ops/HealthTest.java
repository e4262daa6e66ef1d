package org.askfirst.registry.ops;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.subject.PublicSuffixes;
import org.junit.jupiter.api.Test;

/** Health checks and metrics of a node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HealthTest {
    @Test
    void readinessShowsTheDateOfThePublicSuffixList() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.data.version", hasItem(PublicSuffixes.bundled().version()));
    }
}
