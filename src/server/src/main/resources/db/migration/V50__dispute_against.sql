-- Each declared line asks for the contests of its party under its own keys, however many the party has.
create index concurrently if not exists dispute_contest_against on dispute_contest (respondent, key)
    where until_position = 9223372036854775807;
drop index concurrently if exists dispute_contest_respondent;
-- A party makes a limited number of rejections and disputes in a day.
create index concurrently if not exists dispute_since on dispute (challenger, kind, recorded_at);
