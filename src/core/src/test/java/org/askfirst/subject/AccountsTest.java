package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.WebAddress;
import org.junit.jupiter.api.Test;

/** Accounts and the table of platforms, with the vectors that other implementations also read. */
class AccountsTest {
    private final JsonNode vectors = read();

    @Test
    void theVectorsNameTheTable() {
        assertEquals(Platforms.version(), vectors.path("platforms").asText());
    }

    @Test
    void addressesCarryTheirAccounts() {
        assertTrue(vectors.path("addresses").size() >= 150);
        for (JsonNode vector : vectors.path("addresses")) {
            String address = vector.path("address").asText();
            Subject url = Subject.parse("url:" + address);
            Optional<String> account =
                    Optional.ofNullable(vector.path("account").textValue());
            assertEquals(account, url.account().map(Subject::canonical), address);
            assertEquals(account.isPresent(), subjects(url).stream().anyMatch(account.orElse("")::equals), address);
            assertEquals(vector.path("names").asBoolean(), url.namedAccount().isPresent(), address);
            if (account.isPresent()) {
                assertEquals(account.get(), Subject.parse(account.get()).canonical());
                Subject.parse(account.get()).requireDeclarable();
                assertTrue(url.isOnSharedSite(), address);
                assertTrue(url.sitePrefilter().isEmpty(), address);
            }
            assertEquals(
                    vector.path("names").asBoolean() ? account.orElseThrow() : url.canonical(),
                    Subject.recognise(address).canonical());
            assertEquals(url, Subject.recognise("url:" + address));
        }
    }

    @Test
    void spellingsOfAccounts() {
        for (JsonNode vector : vectors.path("spellings")) {
            String canonical = vector.path("canonical").asText();
            assertEquals(canonical, Subject.parse(vector.path("input").asText()).canonical());
            assertEquals(canonical, Subject.parse(canonical).canonical());
        }
    }

    @Test
    void whatTheTableDoesNotKnowIsAskedAndNotDeclared() {
        for (JsonNode vector : vectors.path("undeclarable")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            assertEquals(Problem.UNDECLARABLE_SUBJECT, refusal(subject::requireDeclarable));
        }
        for (String text :
                List.of("account:", "account:instagram", "account:instagram:", "account:a b:c", "account:x:y z")) {
            assertEquals(Problem.MALFORMED_SUBJECT, refusal(() -> Subject.parse(text)), text);
        }
    }

    @Test
    void aSiteOfManyPeopleControlsNothingThatTheyPublished() {
        Expansion post =
                Subject.parse("url:https://www.instagram.com/moon_toon/p/1/").expand();
        int account = place(post, "account:instagram:moon_toon");
        int site = place(post, "domain:instagram.com");
        assertTrue(post.isShared(site));
        assertTrue(post.contains(account, 0));
        assertFalse(post.contains(site, 0));
        assertFalse(post.contains(site, account));
        assertTrue(post.contains(site, place(post, "under:https://www.instagram.com/moon_toon/")));
        Expansion own = Subject.parse("url:https://moontoon.tistory.com/12").expand();
        assertTrue(own.contains(place(own, "domain:moontoon.tistory.com"), 0));
        assertTrue(own.contains(place(own, "domain:moontoon.tistory.com"), place(own, "account:tistory:moontoon")));
        assertFalse(own.contains(place(own, "domain:tistory.com"), 0));
        assertFalse(own.isShared(place(own, "under:https://moontoon.tistory.com/")));
        Expansion whole = Subject.parse("domain:moontoon.tistory.com").expand();
        assertTrue(whole.isShared(place(whole, "domain:tistory.com")));
        assertFalse(whole.isShared(0));
        assertTrue(place(whole, "account:tistory:moontoon") > 0);
    }

    @Test
    void aChangedRowChangesOnlyWhichAddressesFindAnAccount() throws IOException {
        String head = "version 7\ndate 2027-01-01\nplatform instagram\nid a-z0-9._ 1 30 fold\nhost instagram.com\n";
        PlatformTable before = PlatformTable.read(new StringReader(head + "within /{id}/**\n"));
        PlatformTable after = PlatformTable.read(new StringReader(head + "account /u/{id}\n"));
        Subject declared = Subject.parse("account:instagram:moon_toon");
        WebAddress old = WebAddress.of("url:https://instagram.com/moon_toon");
        WebAddress changed = WebAddress.of("url:https://www.instagram.com/u/Moon_Toon");
        assertEquals(declared.value(), find(before, old));
        assertEquals("", find(after, old));
        assertEquals(declared.value(), find(after, changed));
        assertEquals("7 2027-01-01", after.version());
        assertEquals(declared, Subject.parse(declared.canonical()));
        assertEquals(
                Subject.parse("url:https://www.instagram.com/p/1").storedSitePrefilter(),
                Subject.parse("url:https://instagram.com/moon_toon").storedSitePrefilter(),
                "an index stores the same whatever the table knows");
    }

    @Test
    void aTableThatIsNotOfTheFormatIsRefused() {
        String head = "version 1\ndate 2027-01-01\nplatform a\nid a-z 1 9\nhost a.example\n";
        for (String wrong : List.of(
                "",
                head + "account\n",
                head + "account /{id} \n",
                head + "unheard /{id}\n",
                head + "account /x\n",
                head + "host a.example\n",
                head + "host www.b.example\n",
                head + "id a-z 9 1\n",
                head + "id a-z x y\n",
                head + "platform a\n",
                head + "site a.example\n",
                "version 1\ndate 2027-01-01\naccount /{id}\n")) {
            assertThrows(IOException.class, () -> PlatformTable.read(new StringReader(wrong)), wrong);
        }
    }

    private static String find(PlatformTable table, WebAddress address) {
        PlatformTable.Account account = table.find(address);
        return account == null ? "" : account.value();
    }

    private static Problem refusal(Runnable act) {
        return assertThrows(ProblemException.class, act::run).problem();
    }

    private static List<String> subjects(Subject subject) {
        Expansion expansion = subject.expand();
        return IntStream.range(0, expansion.size())
                .mapToObj(expansion::canonical)
                .toList();
    }

    private static int place(Expansion expansion, String subject) {
        return IntStream.range(0, expansion.size())
                .filter(i -> expansion.canonical(i).equals(subject))
                .findFirst()
                .orElse(-1);
    }

    private static JsonNode read() {
        try (var stream = AccountsTest.class.getResourceAsStream("/vectors/accounts.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
