-- Usage reports. A report is confidential: only the two sides of its grant see these rows. The ledger has an id, a
-- pseudonym, and commitments to the hash of the lines, the totals and the statement.

-- The revisions of reports. One that is not sealed still receives lines. A sealed one counts once report_event has its
-- statement.
create table report (
    id          uuid        primary key,
    grant_id    uuid        not null,
    licensor    uuid        not null,
    licensee    uuid        not null,
    alias       uuid        not null,
    period      text        not null,
    period_from timestamptz not null,
    period_to   timestamptz not null,
    revision    integer     not null,
    facts       text        not null,
    lines       integer     not null default 0,
    sealed      boolean     not null default false,
    sha256      bytea,
    currency    text,
    due         numeric,
    units       numeric,
    measures    numeric,
    cutoff      numeric,
    cutoff_line integer,
    statement   text,
    opened_at   timestamptz not null,
    touched_at  timestamptz not null,
    unique (grant_id, period, revision)
);
create index report_licensor on report (licensor);
create index report_licensee on report (licensee);
create index report_unsealed on report (touched_at) where not sealed;

-- The lines of a revision, numbered from 1, each with its verdict: 0 accepted, 1 unknown, 2 outside the grant,
-- 3 over-claimed, 4 duplicate. The measure is the number in proportion to which a line receives a part of what is due.
create table report_line (
    report  uuid     not null references report on delete cascade,
    line    integer  not null,
    verdict smallint not null,
    units   numeric  not null,
    share   numeric  not null,
    measure numeric  not null,
    work    text     collate "C" not null,
    ref     text     collate "C" not null,
    kind    text,
    member  text,
    domain  text,
    reason  text,
    primary key (report, line)
);

-- The part of each member of the licensor: by the use of its works, and after the key of distribution.
create table report_member (
    report uuid    not null references report on delete cascade,
    member text    not null,
    lines  integer not null,
    part   numeric not null,
    amount numeric not null,
    primary key (report, member)
);

-- A projection of the ledger: the entries of reports.
create table report_event (
    position    bigint      primary key,
    report      uuid        not null,
    kind        text        not null,
    alias       uuid        not null,
    recorded_at timestamptz not null
);
create index report_event_report on report_event (report);
