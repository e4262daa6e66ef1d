package org.askfirst.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** An asker: {@code Asker.anybody().asks(url).of("ai-training").asOf(position).verdict()}. */
public final class Asker {
    private final Supplier<RequestSpecification> requests;

    Asker(Supplier<RequestSpecification> requests) {
        this.requests = requests;
    }

    /** An asker without a key, at the service under test. */
    public static Asker anybody() {
        return Registry.underTest().asker();
    }

    /** An item of a lookup for many works. */
    public static ObjectNode item(String id, String... subjects) {
        return Bodies.object("id", id, "subjects", List.of(subjects));
    }

    /** The body of a lookup for many works. */
    public static ObjectNode items(Object... items) {
        return Bodies.object("items", List.of(items));
    }

    /** Asks about one work, which has those names. */
    public Question asks(String... subjects) {
        return new Question(requests.get(), List.of(subjects));
    }

    /** Asks about many works. */
    public ValidatableResponse asksMany(String method, Object body) {
        return requests.get()
                .contentType("application/json")
                .body(Bodies.text(body))
                .request(method, "/v1/lookups")
                .then();
    }

    /** A question about one work. */
    public static final class Question {
        private final RequestSpecification request;
        private final List<String> subjects;
        private final List<Map.Entry<String, Object>> parameters = new ArrayList<>();

        private Question(RequestSpecification request, List<String> subjects) {
            this.request = request;
            this.subjects = subjects;
        }

        /** About that use; without any use, the question is about all. */
        public Question of(String use) {
            return with("use", use);
        }

        /** As of that position, moment or pair. */
        public Question asOf(Object then) {
            return with("asOf", then);
        }

        /** With that parameter. */
        public Question with(String parameter, Object value) {
            parameters.add(Map.entry(parameter, value));
            return this;
        }

        /** With that header. */
        public Question header(String name, String value) {
            request.header(name, value);
            return this;
        }

        /** The answer, whatever its status. */
        public Response response() {
            subjects.forEach(subject -> request.queryParam("subject", subject));
            parameters.forEach(each -> request.queryParam(each.getKey(), each.getValue()));
            return request.get("/v1/lookup");
        }

        /** The answer of a question that must succeed. */
        public ValidatableResponse answer() {
            return response().then().statusCode(200);
        }

        /** The verdict of a question that must succeed. */
        public String verdict() {
            return Answers.tree(answer()).path("verdict").asText();
        }
    }
}
