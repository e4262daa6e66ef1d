-- The Open License Protocol: tokens of licenses, and who asked for which license through it.

-- The tokens. A token is stored as its SHA-256 only. It ends with its grants, and with the key by which it was given.
create table olp_token (
    hash       bytea       primary key,
    client     uuid        not null,
    key_hash   bytea       not null,
    resource   text        not null,
    subject    text        not null,
    uses       text        not null,
    license    text        not null,
    grants     uuid[]      not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null
);
create index olp_token_client on olp_token (client, issued_at);
create index olp_token_expires on olp_token (expires_at);

-- The license requests that a client made for a license, so that it asks once and repeats its call until they are
-- decided. The license and the resource are one SHA-256.
create table olp_request (
    client   uuid        not null,
    wanted   bytea       not null,
    requests uuid[]      not null,
    asked_at timestamptz not null,
    primary key (client, wanted)
);
