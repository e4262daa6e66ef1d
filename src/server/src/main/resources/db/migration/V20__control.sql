-- What a party says it controls, and the token by which the registry sees it.
create table party_control_claim (
    id            text        primary key,
    party         uuid        not null references party,
    key           bytea       not null,
    subject       text        not null,
    token         text        not null,
    claimed_at    timestamptz not null,
    checked_at    timestamptz,
    gone_since    timestamptz,
    failures      integer     not null default 0,
    next_check_at timestamptz,
    unique (party, key)
);
create index party_control_claim_next on party_control_claim (next_check_at) where next_check_at is not null;

-- Every look for a token: when, how, what was seen.
create table party_control_check (
    claim      text        not null references party_control_claim,
    checked_at timestamptz not null,
    method     text        not null,
    outcome    text        not null,
    validated  boolean     not null,
    seen       text        not null,
    primary key (claim, checked_at, method)
);

-- What a party is told in its account.
create table party_notice (
    id      bigint      generated always as identity primary key,
    party   uuid        not null references party,
    at      timestamptz not null,
    kind    text        not null,
    about   text        not null,
    until   timestamptz
);
create index party_notice_party on party_notice (party, id);
