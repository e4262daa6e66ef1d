package org.askfirst.registry.recognition;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.InputStream;
import java.util.List;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Recognises the subject in a text that a person wrote: a link, a number or the hash of a file. */
@Path("/v1/subjects/parse")
@Produces(APPLICATION_JSON)
@Blocking
public class RecognitionResource {
    private static final int BODY_LIMIT = 1 << 20;
    private static final int MAX_TEXTS = 1000;

    /** {@code ParsedSubjects}. */
    record Recognitions(List<Recognition> subjects) {}

    /** {@code ParsedSubject}: either the subject, or the problem. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Recognition(
            String text,
            @Nullable String subject,
            @Nullable String scheme,
            @Nullable Boolean requiresControl,
            @Nullable String account,
            @Nullable Boolean sharedSite,
            @Nullable ProblemDocument problem,
            @Nullable ProblemDocument declarationProblem) {
        static Recognition of(String text) {
            try {
                Subject subject = Subject.recognise(text);
                return new Recognition(
                        text,
                        subject.canonical(),
                        subject.scheme().wireName(),
                        subject.scheme().needsControl(),
                        subject.account().map(Subject::canonical).orElse(null),
                        subject.isOnSharedSite() ? Boolean.TRUE : null,
                        null,
                        undeclarable(subject));
            } catch (ProblemException unreadable) {
                return new Recognition(text, null, null, null, null, null, ProblemDocument.of(unreadable), null);
            }
        }

        private static @Nullable ProblemDocument undeclarable(Subject subject) {
            try {
                subject.requireDeclarable();
                return null;
            } catch (ProblemException refused) {
                return ProblemDocument.of(refused);
            }
        }
    }

    /** {@code parseSubjects}. */
    @POST
    @RecordsNothing
    @Consumes(APPLICATION_JSON)
    public Recognitions parse(InputStream body) {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "texts");
        List<String> texts = members.parsedList("texts", MAX_TEXTS, text -> text);
        if (texts.isEmpty() && members.isSound()) {
            members.refuse(
                    "texts",
                    members.has("texts") ? Reason.EMPTY : Reason.MISSING,
                    "give a list of 1 to " + MAX_TEXTS + " strings");
        }
        members.finish();
        return new Recognitions(texts.stream().map(Recognition::of).toList());
    }
}
