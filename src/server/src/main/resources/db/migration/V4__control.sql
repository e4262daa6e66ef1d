-- A projection of the ledger: the party that had proved control of a subject, from one position until another.
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

-- Challenges: a subject that a party claims to control, and the token that proves its control to the registry.
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

-- Every check for a token: its time, its method and its result. Deleting a challenge deletes its checks.
create table party_control_check (
    claim      text        not null references party_control_claim on delete cascade,
    checked_at timestamptz not null,
    method     text        not null,
    outcome    text        not null,
    validated  boolean     not null,
    seen       text        not null,
    primary key (claim, checked_at, method)
);
