package org.askfirst.registry.lookup;

import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.endsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.askfirst.index.AskerGrants;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.junit.jupiter.api.Test;

/** Index and database get the same random questions, while the ledger grows and the index is merged. */
@QuarkusTest
class IndexAnswersTest extends RegistryTest {
    private static final long SEED = 20261125;
    private static final int ROUNDS = 20;
    private static final int QUESTIONS = 200;

    @Inject
    IndexFollower follower;

    @Inject
    DatabaseSource database;

    private final OperatorClient operator = OperatorClient.ofService();
    private final Random random = new Random(SEED);
    private final List<String> hosts = List.of(Names.host(), Names.host(), "www." + Names.host());
    private final List<Party> parties = new ArrayList<>();
    private final List<String> declarations = new ArrayList<>();
    private final List<Integer> owners = new ArrayList<>();
    private final Set<String> proved = new HashSet<>();
    private final Map<String, Party> repertoires = new LinkedHashMap<>();
    private final Map<String, Party> mandates = new LinkedHashMap<>();
    private final Map<String, Party> rejections = new LinkedHashMap<>();
    private int contested;
    private int allowed;
    private int asked;
    private int denied;
    private int through;
    private final Map<Long, Map<Subject, List<Match>>> past = new LinkedHashMap<>();

    @Test
    void indexAndDatabaseAnswerAlike() throws Exception {
        for (int i = 0; i < 4; i++) {
            parties.add(i % 2 == 0 ? Party.open() : Party.openReachable());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 9; i++) {
                act();
            }
            if (round % 6 == 5) {
                follower.mergeNow();
            } else if (round % 6 == 2) {
                follower.rebuild();
            }
            compare();
            comparePast();
        }
        assertTrue(contested > 50, () -> "too little was contested: " + contested);
        assertTrue(through > 100, () -> "too little was found through repertoires: " + through);
        assertTrue(
                allowed > 10 && asked > 50 && denied > 50,
                () -> "too few of a kind: " + allowed + " allowed, " + asked + " to ask, " + denied + " denied");
    }

    private void act() {
        int who = random.nextInt(parties.size());
        Party party = parties.get(who);
        int act = random.nextInt(16);
        if (act > 14) {
            actOfDispute(who);
        } else if (act > 11) {
            actOfRepertoire(party);
        } else if (act > 9) {
            actOfTrust(who);
        } else if (act < 2) {
            String subject = random.nextBoolean() ? "domain:" + host() : "under:https://" + host() + "/a/";
            if (proved.add(who + subject)) {
                party.controls(subject);
            }
        } else if (act < 4 && !declarations.isEmpty()) {
            int which = random.nextInt(declarations.size());
            Party owner = parties.get(owners.get(which));
            if (random.nextBoolean()) {
                isDone(owner.amending(declarations.get(which), content()));
            } else {
                owner.withdrawing(declarations.get(which)).statusCode(200);
                declarations.remove(which);
                owners.remove(which);
            }
        } else {
            ValidatableResponse answer =
                    party.says(content()).post("/v1/declarations").then();
            String id = isDone(answer) ? answer.extract().path("id") : null;
            if (id != null && !declarations.contains(id)) {
                declarations.add(id);
                owners.add(who);
            }
        }
    }

    /** A declaration is refused if it loosens what is disputed, or repeats what was set aside. */
    private static boolean isDone(ValidatableResponse answer) {
        int status = answer.extract().statusCode();
        if (status < 300) {
            return true;
        }
        answer.statusCode(422).body("type", endsWith("/undeclarable-subject"));
        return false;
    }

    /** Changes repertoires at random: declares, also under a mandate, lists, amends and withdraws. */
    private void actOfRepertoire(Party party) {
        List<String> ids = List.copyOf(repertoires.keySet());
        int act = random.nextInt(12);
        if (ids.size() < 3 || act == 0) {
            Draft draft = words().ofRepertoire("t");
            boolean under = !mandates.isEmpty() && random.nextBoolean();
            Party owner = under ? parties.get(0) : party;
            String id = Answers.id(owner.declaring(
                    under ? draft.under(List.copyOf(mandates.keySet()).get(0)) : draft));
            if (!id.isEmpty()) {
                repertoires.put(id, owner);
            }
            return;
        }
        String id = ids.get(random.nextInt(ids.size()));
        Party owner = Objects.requireNonNull(repertoires.get(id));
        if (act < 9) {
            List<Map<String, String>> lines = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                lines.add(Map.of(random.nextInt(3) == 0 ? "remove" : "add", subject()));
            }
            owner.sendsLines("/v1/declarations/" + id + "/repertoire", lines);
        } else if (act < 11) {
            owner.amending(id, words().ofRepertoire("t"));
        } else {
            owner.asks().delete("/v1/declarations/" + id);
            repertoires.remove(id);
        }
    }

    /** Rejects what another party declares, withdraws a rejection, or lets the operator decide. */
    private void actOfDispute(int who) {
        Party party = parties.get(who);
        int act = random.nextInt(8);
        if (act == 0 && !rejections.isEmpty()) {
            String id = List.copyOf(rejections.keySet()).get(random.nextInt(rejections.size()));
            Objects.requireNonNull(rejections.remove(id)).asks().delete("/v1/rejections/" + id);
        } else if (act == 1 && !declarations.isEmpty()) {
            operator.decidingAgainst(declarations.get(random.nextInt(declarations.size())));
        } else if (act == 2 && !rejections.isEmpty()) {
            String id = List.copyOf(rejections.keySet()).get(random.nextInt(rejections.size()));
            operator.decidingDispute(id, random.nextBoolean() ? "upheld" : "set-aside");
        } else if (act < 4 && !declarations.isEmpty()) {
            dispute(who, random.nextInt(declarations.size()));
        } else if (!declarations.isEmpty()) {
            String declaration = declarations.get(random.nextInt(declarations.size()));
            ValidatableResponse answer =
                    random.nextBoolean() ? party.rejects(declaration) : party.rejects(declaration, "domain:" + host());
            String id = answer.extract().path("id");
            if (id != null) {
                rejections.put(id, party);
            }
        }
    }

    /** Disputes a declaration, and perhaps takes further steps; each may be refused. */
    private void dispute(int who, int which) {
        Party challenger = parties.get(who);
        Party respondent = parties.get(owners.get(which));
        String id = challenger
                .says(Map.of(
                        "declaration", declarations.get(which), "grounds", "other", "statement", "It is not theirs"))
                .post("/v1/disputes")
                .then()
                .extract()
                .path("id");
        if (id == null) {
            return;
        }
        int steps = random.nextInt(4);
        if (steps > 0) {
            respondent.says(Map.of("step", "answer", "statement", "It is ours")).post("/v1/disputes/" + id + "/steps");
        }
        if (steps > 1) {
            challenger.says(Map.of("step", "continue")).post("/v1/disputes/" + id + "/steps");
        }
        if (steps > 2) {
            operator.decidingDispute(id, random.nextBoolean() ? "set-aside" : "upheld");
        }
    }

    /** Acts that change who may declare: decisions, vouching, mandates and their ends, proofs that lapse. */
    private void actOfTrust(int who) {
        Party party = parties.get(who);
        Party society = parties.get(0);
        switch (random.nextInt(9)) {
            case 0 -> operator.deciding(party, random.nextBoolean() ? "verified" : "unverified");
            case 1 -> operator.deciding(party, random.nextBoolean() ? "suspended" : "reinstated");
            case 2 -> operator.deciding(society, "vouching-granted", "url", random.nextBoolean() ? "under" : "doi");
            case 3 -> {
                society.offeringToVouchFor(party);
                party.acceptingVouching(society, false);
            }
            case 4 -> society.asks().delete("/v1/parties/me/members/" + party.id());
            case 5 -> {
                String subject = "domain:" + host();
                operator.revokingControl(party, subject);
                proved.remove(who + subject);
            }
            case 6 -> society.recordingControl(party, subject());
            case 7 ->
                mandates.forEach((mandate, member) -> {
                    if (random.nextInt(3) == 0) {
                        member.endingMandate(mandate);
                    }
                });
            default -> {
                String mandate = Answers.id(society.offeringMandate(Offer.toMember(party)));
                if (!mandate.isEmpty()) {
                    party.acceptingMandate(mandate);
                    mandates.put(mandate, party);
                    for (int i = 0; i < 3; i++) {
                        society.declaring(content().under(mandate));
                    }
                }
            }
        }
    }

    private Draft content() {
        return words().of(subject(), subject() + "x");
    }

    private Draft words() {
        List<String> uses = List.of("text-and-data-mining", "ai-training", "ai-index", "search-indexing");
        List<String> stances = List.of("reserved", "permitted", "permitted", "permitted-with-terms");
        String stance = stances.get(random.nextInt(stances.size()));
        Draft draft = Draft.empty().and(stance, uses.get(random.nextInt(uses.size())));
        if (random.nextInt(5) == 0) {
            draft = draft.with(terms().license("https://a.example/licence"));
        } else if (stance.endsWith("terms")) {
            draft = draft.with(terms().contact("mailto:ask@a.example"));
        }
        return random.nextInt(5) == 0 ? draft.until("2099-01-01T00:00:00.123456Z") : draft;
    }

    private String host() {
        return hosts.get(random.nextInt(hosts.size()));
    }

    private String subject() {
        return switch (random.nextInt(4)) {
            case 0 -> "domain:" + host().replace("www.", "www" + random.nextInt(2) + ".");
            case 1 -> "under:https://" + host() + "/a/" + (random.nextBoolean() ? "b/" : "");
            default -> "url:https://" + host() + "/a/b/" + random.nextInt(5);
        };
    }

    /** Compares the tables as of earlier positions with the index's answers at those positions. */
    private void comparePast() throws SQLException {
        List<Long> positions = List.copyOf(past.keySet());
        long position = positions.get(random.nextInt(positions.size()));
        Map<Subject, List<Match>> then = past.getOrDefault(position, Map.of());
        List<Subject> asked = List.copyOf(then.keySet());
        List<List<Match>> tables = database.reaching(asked, position, AskerGrants.NONE);
        for (int i = 0; i < asked.size(); i++) {
            Subject subject = asked.get(i);
            assertEquals(then.get(subject), tables.get(i), () -> subject + " as of " + position + ", seed " + SEED);
        }
    }

    private void compare() throws SQLException {
        List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            subjects.add(
                    Subject.parse(subject().replace("domain:", "url:https://") + (random.nextBoolean() ? "x" : "")));
        }
        IndexView view = follower.view();
        Map<Subject, List<Match>> then = new HashMap<>();
        past.put(view.position(), then);
        List<List<Match>> tables = database.reaching(subjects, view.position(), AskerGrants.NONE);
        List<List<Match>> together = view.reaching(subjects);
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            List<Match> found = together.get(i);
            assertEquals(tables.get(i), found, () -> subject + ", seed " + SEED);
            assertEquals(found, view.reaching(subject), () -> subject + " alone, seed " + SEED);
            then.put(subject, found);
            through +=
                    (int) found.stream().filter(match -> match.listedAt() > 0).count();
            contested += (int) found.stream()
                    .filter(match -> !match.statement().contest().equals(ContestState.NONE))
                    .count();
            List<Statement> statements = found.stream().map(Match::statement).toList();
            Verdict verdict = Verdicts.of(
                            statements,
                            List.of(Use.AI_TRAINING),
                            TestClock.ofService().instant())
                    .verdict();
            allowed += verdict == Verdict.ALLOW ? 1 : 0;
            asked += verdict == Verdict.ASK ? 1 : 0;
            denied += verdict == Verdict.DENY ? 1 : 0;
        }
    }
}
