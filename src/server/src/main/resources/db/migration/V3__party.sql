-- Parties declare and ask. Their names and contacts are stored in this table only, so that they can be erased.
create table party (
    id        uuid        primary key,
    name      text,
    kind      text        not null,
    contact   text,
    opened_at timestamptz not null
);

-- API keys are stored as hashes only. They have 256 random bits and need no salt.
create table party_key (
    id         text        primary key,
    party      uuid        not null references party,
    hash       bytea       not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz
);
create index party_key_party on party_key (party, created_at);

create table party_operator_key (
    hash       bytea       primary key,
    created_at timestamptz not null,
    revoked_at timestamptz
);

-- Notices to a party, shown in its account.
create table party_notice (
    id      bigint      generated always as identity primary key,
    party   uuid        not null references party,
    at      timestamptz not null,
    kind    text        not null,
    about   text        not null,
    until   timestamptz
);
create index party_notice_party on party_notice (party, id);
