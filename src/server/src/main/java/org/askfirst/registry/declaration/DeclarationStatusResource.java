package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.statement.DeclarationStatuses;
import org.jspecify.annotations.Nullable;

/** Answers the status of many declarations in one call. */
@Path("/v1/declarations/statuses")
@Produces(APPLICATION_JSON)
@Blocking
public class DeclarationStatusResource {
    private static final int BODY_LIMIT = 1 << 20;
    private static final int MAX_DECLARATIONS = 10_000;

    private final DeclarationStatuses statuses;
    private final Clock clock;

    DeclarationStatusResource(DeclarationStatuses statuses, Clock clock) {
        this.statuses = statuses;
        this.clock = clock;
    }

    /** {@code DeclarationStatusList}. */
    record StatusList(List<StatusView> declarations) {}

    /** {@code DeclarationStatus}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StatusView(
            String id,
            @Nullable String status,
            @Nullable Long position,
            @Nullable Instant updatedAt,
            @Nullable ProblemDocument problem) {}

    /** {@code getDeclarationStatuses}. */
    @POST
    @RecordsNothing
    @Consumes(APPLICATION_JSON)
    public StatusList statuses(InputStream body) throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "declarations");
        List<String> texts = members.parsedList("declarations", MAX_DECLARATIONS, text -> text);
        if (texts.isEmpty() && members.isSound()) {
            members.refuse(
                    "declarations",
                    members.has("declarations") ? Reason.EMPTY : Reason.MISSING,
                    "give a list of 1 to " + MAX_DECLARATIONS + " ids");
        }
        members.finish();
        Set<DeclarationId> ids = new HashSet<>();
        texts.forEach(text -> DeclarationId.parse(text).ifPresent(ids::add));
        Map<DeclarationId, DeclarationStatuses.Latest> latest = statuses.of(ids);
        Instant now = clock.instant();
        List<StatusView> answers = new ArrayList<>(texts.size());
        for (String text : texts) {
            answers.add(
                    answer(text, DeclarationId.parse(text).flatMap(id -> Optional.ofNullable(latest.get(id))), now));
        }
        return new StatusList(answers);
    }

    private static StatusView answer(String id, Optional<DeclarationStatuses.Latest> found, Instant now) {
        if (found.isEmpty()) {
            return new StatusView(
                    id,
                    null,
                    null,
                    null,
                    ProblemDocument.of(Problem.NOT_FOUND.because("There is no such declaration")));
        }
        DeclarationStatuses.Latest latest = found.get();
        return new StatusView(id, latest.statusAt(now).wireName(), latest.position(), latest.recordedAt(), null);
    }
}
