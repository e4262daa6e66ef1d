-- The new key that a recovery would give a party in place of lost keys, and how the party proves its identity.
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

-- A projection of the ledger: recoveries that are in progress.
create table party_recovery_state (
    recovery text        primary key,
    party    uuid        not null,
    body     uuid,
    position bigint      not null,
    state    text        not null,
    until    timestamptz not null
);

-- A projection of the ledger: the successor that a party named, and the position at which it took over.
create table party_successor (
    party     uuid   primary key,
    successor uuid   not null,
    position  bigint not null,
    succeeded bigint
);
create index party_successor_successor on party_successor (successor) where succeeded is not null;
