-- Links that open an account on another device, at most one of a party. A link works once, for some minutes. Its session
-- ends with the key or passkey of the device that made the link.
create table party_session_link (
    party      uuid        primary key references party,
    hash       bytea       not null unique,
    key        text        references party_key,
    passkey    text        references passkey on delete cascade,
    until      timestamptz,
    expires_at timestamptz not null
);
