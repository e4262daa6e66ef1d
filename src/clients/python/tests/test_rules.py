"""Rules of verdicts that need an expansion: evidence, contests, spellings and shared sites (docs/formats/range.md)."""

import unittest

from askfirst.segment import Index
from askfirst.subjects import BY_NAME, parse
from tests.support import Content, contest, posting, proof
from tests.test_segment import AUTHOR, NOW, PUBLISHER, SOCIETY, WithFiles

BOOK = "isbn:9788936434120"
PLAIN = "url:https://example.com/a"
WWW = "url:https://www.example.com/a"
MOBILE = "url:https://m.example.com/a"
PERMITTED = {"ai-training": "permitted"}
RESERVED = {"ai-training": "reserved"}
SOONER = NOW - 1
LATER = NOW + 1


class Rules(WithFiles):
    def setUp(self):
        super().setUp()
        self.content = Content()
        self.position = 0

    def next(self):
        self.position += 1
        return self.position

    def states(self, party, subject, stances, **options):
        self.content.state_about(subject, posting(party, self.next(), stances, contact="none", **options))

    def proves(self, party, subject, **options):
        self.content.prove(subject, proof(party, self.next(), **options))

    def contests(self, party, subject, kind, **options):
        self.content.state_about(subject, contest(party, self.next(), kind, **options))

    def may_vouch(self, party, *schemes, suspended=False):
        word = sum(1 << 16 + BY_NAME[name].number for name in schemes) | (2 if suspended else 0)
        self.content.states[party] = (word, [])

    def index(self):
        return Index([self.segment(self.content)])

    def assert_verdict(self, expected, *asked):
        self.assertEqual(expected, self.verdict(self.content, *asked))


class Evidence(Rules):
    def test_the_word_of_a_body_counts_while_the_body_may_vouch(self):
        self.states(AUTHOR, BOOK, PERMITTED)
        self.proves(AUTHOR, BOOK, by=SOCIETY)
        self.assert_verdict("unknown", BOOK)
        self.may_vouch(SOCIETY, "isbn")
        self.assert_verdict("allow", BOOK)
        self.may_vouch(SOCIETY, "isrc")
        self.assert_verdict("unknown", BOOK)
        self.may_vouch(SOCIETY, "isbn", suspended=True)
        self.assert_verdict("unknown", BOOK)
        self.may_vouch(SOCIETY, "isbn")
        self.content.erasures[SOCIETY] = 9
        self.assert_verdict("unknown", BOOK)

    def test_without_the_body_the_proof_is_still_shown(self):
        self.states(AUTHOR, "isbn-prefix:97889364", RESERVED)
        self.assert_verdict("unknown", BOOK)
        self.proves(AUTHOR, "isbn-prefix:97889364", by=SOCIETY)
        self.assert_verdict("deny", BOOK)

    def test_a_suspended_member_stops_what_is_permitted_in_its_name(self):
        self.states(SOCIETY, BOOK, PERMITTED, mandate=5)
        self.content.mandates[5] = (SOCIETY, AUTHOR, -(1 << 63), (1 << 63) - 1)
        self.proves(SOCIETY, BOOK)
        self.assert_verdict("allow", BOOK)
        self.content.states[AUTHOR] = (2, [])
        self.assert_verdict("unknown", BOOK)

    def test_a_platform_has_no_evidence_for_what_its_users_publish(self):
        page = "url:https://www.instagram.com/moon_toon/p/1"
        self.states(PUBLISHER, page, PERMITTED)
        self.proves(PUBLISHER, "domain:instagram.com")
        self.assert_verdict("unknown", page)
        self.proves(PUBLISHER, "account:instagram:moon_toon")
        self.assert_verdict("allow", page)

    def test_a_platforms_permission_does_not_speak_for_its_users(self):
        self.states(PUBLISHER, "domain:deviantart.com", PERMITTED)
        self.proves(PUBLISHER, "domain:deviantart.com")
        self.assert_verdict("allow", "url:https://www.deviantart.com/about")
        self.assert_verdict("unknown", "url:https://moon.deviantart.com/post/1")

    def test_on_its_own_host_an_account_speaks_for_itself(self):
        self.states(AUTHOR, "domain:moon.deviantart.com", PERMITTED)
        self.proves(AUTHOR, "domain:moon.deviantart.com")
        self.assert_verdict("allow", "url:https://moon.deviantart.com/post/1")

    def test_a_resolver_does_not_control_the_works_to_which_dois_lead(self):
        self.states(PUBLISHER, "doi:10.1000/182", PERMITTED)
        self.proves(PUBLISHER, "domain:doi.org")
        self.assert_verdict("unknown", "url:https://doi.org/10.1000/182")
        self.proves(PUBLISHER, "doi-prefix:10.1000")
        self.assert_verdict("allow", "url:https://doi.org/10.1000/182")

    def test_a_posting_after_the_position_of_the_file_does_not_count(self):
        self.content.state_about(BOOK, posting(AUTHOR, 101, RESERVED))
        self.assert_verdict("unknown", BOOK)


class Spellings(Rules):
    def test_a_reservation_counts_for_every_spelling_and_a_permission_for_its_own(self):
        self.proves(AUTHOR, "domain:example.com")
        self.states(AUTHOR, WWW, PERMITTED)
        for asked, expected in [(WWW, "allow"), (WWW + "?x=1", "allow"), (PLAIN, "unknown"), (MOBILE, "unknown")]:
            self.assert_verdict(expected, asked)
        self.content = Content()
        self.states(AUTHOR, WWW, RESERVED)
        for asked in (WWW, PLAIN, MOBILE, PLAIN + "/index.html?utm_source=x"):
            self.assert_verdict("deny", asked)

    def test_a_statement_is_found_once(self):
        self.states(AUTHOR, WWW, RESERVED)
        self.assertEqual([WWW], [match.subject for match in self.index().reaching(parse(WWW))])
        self.assertEqual([PLAIN], [match.subject for match in self.index().reaching(parse(MOBILE))])

    def test_the_address_itself_is_more_specific_than_another_spelling(self):
        self.proves(AUTHOR, "domain:example.com")
        self.states(AUTHOR, PLAIN, PERMITTED)
        self.states(AUTHOR, WWW, RESERVED)
        self.assert_verdict("allow", PLAIN)
        self.assert_verdict("deny", WWW)

    def test_for_another_spelling_only_control_of_every_host_is_evidence(self):
        self.states(PUBLISHER, WWW, PERMITTED)
        self.proves(PUBLISHER, "domain:www.example.com")
        self.states(AUTHOR, MOBILE, RESERVED)
        self.proves(AUTHOR, "domain:www.example.com")
        self.assert_verdict("ask", WWW)
        self.proves(AUTHOR, "domain:example.com")
        self.assert_verdict("deny", WWW)


class Contests(Rules):
    def test_a_rejection_needs_a_challenger_with_evidence(self):
        self.states(PUBLISHER, BOOK, RESERVED)
        self.contests(PUBLISHER, BOOK, "rejected", by=AUTHOR, ends_at=SOONER)
        self.assert_verdict("deny", BOOK)
        self.proves(AUTHOR, BOOK)
        self.assert_verdict("unknown", BOOK)
        self.content.states[AUTHOR] = (2, [])
        self.assert_verdict("deny", BOOK)

    def test_a_rejection_does_not_touch_a_statement_with_evidence(self):
        self.states(PUBLISHER, BOOK, RESERVED)
        self.proves(PUBLISHER, BOOK)
        self.contests(PUBLISHER, BOOK, "rejected", by=AUTHOR, ends_at=SOONER)
        self.proves(AUTHOR, BOOK)
        self.assert_verdict("deny", BOOK)

    def test_a_rejection_waits_for_the_end_of_the_time(self):
        self.states(PUBLISHER, BOOK, RESERVED)
        self.contests(PUBLISHER, BOOK, "rejected", by=AUTHOR, ends_at=LATER)
        self.proves(AUTHOR, BOOK)
        self.assert_verdict("deny", BOOK)

    def test_an_unanswered_dispute_ends_the_permissions_from_before_it(self):
        self.proves(PUBLISHER, BOOK)
        self.states(PUBLISHER, BOOK, PERMITTED)
        self.contests(PUBLISHER, BOOK, "disputed", by=AUTHOR, ends_at=SOONER)
        self.assert_verdict("unknown", BOOK)
        self.content.keys[parse(BOOK).key].pop(1)
        self.states(PUBLISHER, BOOK, PERMITTED)
        self.assert_verdict("allow", BOOK)

    def test_a_dispute_of_a_suspended_or_erased_party_has_no_effect(self):
        self.proves(PUBLISHER, BOOK)
        self.states(PUBLISHER, BOOK, PERMITTED)
        self.contests(PUBLISHER, BOOK, "disputed", by=AUTHOR)
        self.assert_verdict("ask", BOOK)
        self.content.states[AUTHOR] = (2, [])
        self.assert_verdict("allow", BOOK)
        self.content.states[AUTHOR] = (0, [])
        self.content.erasures[AUTHOR] = 9
        self.assert_verdict("allow", BOOK)

    def test_a_dispute_lapses(self):
        self.proves(PUBLISHER, BOOK)
        self.states(PUBLISHER, BOOK, PERMITTED)
        self.contests(PUBLISHER, BOOK, "disputed", by=AUTHOR, lapses_at=LATER)
        self.assert_verdict("ask", BOOK)
        self.content.keys[parse(BOOK).key].pop()
        self.contests(PUBLISHER, BOOK, "disputed", by=AUTHOR, lapses_at=SOONER)
        self.assert_verdict("allow", BOOK)

    def test_the_operator_sets_aside_at_once(self):
        self.proves(PUBLISHER, BOOK)
        self.states(PUBLISHER, BOOK, RESERVED)
        self.contests(PUBLISHER, BOOK, "set-aside")
        self.assert_verdict("unknown", BOOK)

    def test_a_contest_reaches_what_its_subject_contains(self):
        self.proves(PUBLISHER, "domain:example.com")
        self.states(PUBLISHER, "url:https://example.com/art/1", PERMITTED)
        self.contests(PUBLISHER, "under:https://example.com/art/", "disputed", by=AUTHOR)
        self.assert_verdict("ask", "url:https://example.com/art/1")
        self.content = Content()
        self.proves(PUBLISHER, "domain:example.com")
        self.states(PUBLISHER, "domain:example.com", PERMITTED)
        self.contests(PUBLISHER, "under:https://example.com/art/", "disputed", by=AUTHOR)
        self.assert_verdict("allow", "url:https://example.com/art/1")

    def test_a_contest_of_another_spelling_does_not_concern_this_one(self):
        self.proves(PUBLISHER, "domain:example.com")
        self.states(PUBLISHER, PLAIN, PERMITTED)
        self.contests(PUBLISHER, WWW, "disputed", by=AUTHOR)
        self.assert_verdict("allow", PLAIN)
        self.states(PUBLISHER, WWW, PERMITTED)
        self.assert_verdict("ask", WWW)

    def test_nor_does_that_of_a_third_spelling(self):
        self.proves(PUBLISHER, "domain:example.com")
        self.states(PUBLISHER, WWW, PERMITTED)
        self.contests(PUBLISHER, MOBILE, "disputed", by=AUTHOR)
        self.assert_verdict("allow", WWW)

    def test_a_challenger_of_the_plain_spelling_controls_every_host(self):
        self.states(PUBLISHER, WWW, RESERVED)
        self.contests(PUBLISHER, PLAIN, "rejected", by=AUTHOR, ends_at=SOONER)
        self.proves(AUTHOR, "under:https://www.example.com/")
        self.assert_verdict("deny", WWW)
        self.proves(AUTHOR, "domain:example.com")
        self.assert_verdict("unknown", WWW)


if __name__ == "__main__":
    unittest.main()
