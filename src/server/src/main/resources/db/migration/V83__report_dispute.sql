-- Disputes of lines between the two sides of a grant. The texts are erased when the party that wrote them closes its
-- account.
create table report_dispute (
    report      uuid        not null references report on delete cascade,
    line        integer     not null,
    by_licensor boolean     not null,
    text        text,
    raised_at   timestamptz not null,
    outcome     text,
    answer      text,
    answered_at timestamptz,
    primary key (report, line)
);
