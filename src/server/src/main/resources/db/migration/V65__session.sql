-- Sessions of people in browsers. Each begins with a key or with a passkey, and ends when that one ends. The token is
-- stored as its hash only. Rows of ended sessions are deleted.
create table party_session (
    id           text        primary key,
    party        uuid        not null references party,
    hash         bytea       not null unique,
    key          text        references party_key,
    passkey      text,
    signed_in_at timestamptz not null,
    used_at      timestamptz not null,
    idle_until   timestamptz not null,
    until        timestamptz not null,
    check ((key is null) <> (passkey is null))
);
create index party_session_party on party_session (party, signed_in_at);
create index party_session_end on party_session (least(idle_until, until));
