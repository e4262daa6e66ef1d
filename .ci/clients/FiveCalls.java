import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.DeclarationsApi;
import org.openapitools.client.api.LogApi;
import org.openapitools.client.api.LookupsApi;
import org.openapitools.client.api.PartiesApi;
import org.openapitools.client.model.*;

/** Makes five calls of the running service with the generated Java client, and checks the answers. */
public class FiveCalls {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        OpenedParty party = new PartiesApi(client)
                .openParty(new PartyRequest().name("A generated client").kind(PartyKind.PUBLISHER), null);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + party.getKey()));
        DeclarationsApi declarations = new DeclarationsApi(client);
        LookupsApi lookups = new LookupsApi(client);

        Terms terms = new Terms().contact("mailto:rights@example.com");
        terms.setPayment(new Payment().type(Payment.TypeEnum.USE).amount("1000").currency("KRW"));
        DeclarationAnswer declared = declarations.declare(
                new DeclarationRequest()
                        .subjects(List.of("isbn:9791190000123"))
                        .stances(new Stances().aiTraining(Stance.RESERVED))
                        .terms(terms),
                null,
                null);
        check("declare", declared.getSubjects().equals(List.of("isbn:9791190000123")));

        LookupAnswers answers = lookups.lookUp(
                new LookupRequest()
                        .items(List.of(
                                new LookupItem().id("declared").subjects(List.of("isbn:9791190000123")),
                                new LookupItem().id("refused").subjects(List.of("isbn:9791190000124"))))
                        .uses(List.of(Use.GENERATIVE_AI_TRAINING))
                        .detail(Detail.FULL),
                null,
                null,
                null,
                null);
        check("lookUp", answers.getAnswers().get(0).getVerdict() == Verdict.ASK);
        check(
                "lookUp, statements",
                answers.getAnswers().get(0).getStatements().get(0).getTerms().getPayment().getAmount().equals("1000"));
        check("lookUp, refused item", answers.getAnswers().get(1).getProblem() != null);

        Verdicts now = lookups.lookUpOne(
                List.of("isbn:9791190000123"), List.of(Use.AI_TRAINING), answers.getAsOf(), null, null);
        check("lookUpOne as of the bulk answer", now.getVerdict() == Verdict.ASK);
        Verdicts before =
                lookups.lookUpOne(List.of("isbn:9791190000123"), null, String.valueOf(declared.getPosition() - 1), null, null);
        check("lookUpOne as of the position before", before.getVerdict() == Verdict.UNKNOWN);

        BatchAnswer line = declarations.declareBatch(
                new BatchLine()
                        .subjects(List.of("url:https://example.com/a"))
                        .stances(new Stances().aiTraining(Stance.RESERVED)),
                null);
        check("declareBatch", line.getLine() == 1 && line.getId() != null && line.getProblem() == null);

        InclusionProof proof = new LogApi(client).getDeclarationProof(declared.getId());
        check("getDeclarationProof", proof.getCheckpoint().contains("\n"));
        System.out.println("The Java client made its calls.");
    }

    private static void check(String call, boolean holds) {
        if (!holds) {
            throw new AssertionError(call);
        }
    }
}
