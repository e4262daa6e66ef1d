package org.askfirst.registry.ops;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.subject.PublicSuffixes;
import org.junit.jupiter.api.Test;

/** Health checks and metrics of a node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HealthTest {
    @TestHTTPResource(value = "health/ready", management = true)
    String ready = "";

    @TestHTTPResource(value = "metrics", management = true)
    String metrics = "";

    @Test
    void readinessShowsTheDateOfThePublicSuffixList() {
        given().noFilters()
                .get(ready)
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.data.version", hasItem(PublicSuffixes.bundled().version()));
    }

    @Test
    void thePublicPortHasNeitherHealthNorMetrics() {
        given().noFilters().get(metrics).then().statusCode(200).body(containsString("jvm_info"));
        for (String path : List.of("/q/metrics", "/q/health", "/q/health/ready", "/q", "/q/")) {
            given().get(path).then().statusCode(404).contentType("application/problem+json");
        }
    }
}
