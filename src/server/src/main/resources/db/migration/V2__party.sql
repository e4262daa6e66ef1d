-- Who declares and who asks. Names and contacts stand here and only here, so that they can be erased.

create table party (
    id        uuid        primary key,
    name      text,
    kind      text        not null,
    contact   text,
    opened_at timestamptz not null
);

-- Keys are kept only as hashes: 256 random bits need no salt.
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

-- A projection of the ledger: which party had proved control of which subject.
create table party_control (
    key            bytea  not null,
    party          uuid   not null,
    position       bigint not null,
    until_position bigint not null default 9223372036854775807,
    recorded_at    timestamptz not null,
    subject        text   not null,
    method         text   not null,
    primary key (key, party, position)
);
create index party_control_party on party_control (party, position);
