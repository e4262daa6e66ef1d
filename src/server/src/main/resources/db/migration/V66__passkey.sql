-- Passkeys of parties (WebAuthn): public keys, with which a party's authenticator proves that a person is there.
create table passkey (
    id         text        primary key,
    party      uuid        not null references party,
    credential bytea       not null unique,
    public_key bytea       not null,
    sign_count bigint      not null,
    label      text,
    created_at timestamptz not null,
    used_at    timestamptz
);
create index passkey_party on passkey (party, created_at);

-- The questions that browsers have not answered yet. An answer, right or wrong, deletes the row.
create table passkey_challenge (
    id         text        primary key,
    party      uuid        references party,
    request    text        not null,
    expires_at timestamptz not null
);
create index passkey_challenge_end on passkey_challenge (expires_at);

-- A session ends with its passkey.
alter table party_session add foreign key (passkey) references passkey on delete cascade;
create index party_session_passkey on party_session (passkey);
