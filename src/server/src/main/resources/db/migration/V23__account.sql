-- The key that a recovery would put in place of lost ones, and how the wish is shown to be the party's.
create table party_recovery (
    id         text        primary key,
    party      uuid        not null references party,
    key_id     text        not null,
    hash       bytea       not null,
    subject    text,
    token      text,
    created_at timestamptz not null,
    checked_at timestamptz
);
create index party_recovery_party on party_recovery (party, created_at);

-- Projections of the ledger: recoveries under way, and who succeeds whom.
create table party_recovery_state (
    recovery text        primary key,
    party    uuid        not null,
    body     uuid,
    position bigint      not null,
    state    text        not null,
    until    timestamptz not null
);
create table party_successor (
    party     uuid   primary key,
    successor uuid   not null,
    position  bigint not null,
    succeeded bigint
);
create index party_successor_successor on party_successor (successor) where succeeded is not null;
