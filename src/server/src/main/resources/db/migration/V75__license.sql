-- The two sides and the works of each license request. Entries name neither side, so the ledger cannot restore this
-- table. A row counts only if license_state has the request too.
create table license_request (
    id             uuid        primary key,
    asker          uuid        not null,
    licensor       uuid        not null,
    asker_alias    uuid        not null,
    licensor_alias uuid        not null,
    offer          uuid,
    evidenced      boolean     not null,
    work_count     integer     not null,
    works_sha256   bytea       not null,
    works          bytea       not null,
    reminded       boolean     not null default false,
    told           boolean     not null default false,
    issued         boolean     not null default false,
    grant_id       text,
    -- Until then, whoever claimed the request gives its grant, and nobody else tries.
    claimed_until  timestamptz
);
create index license_request_asker on license_request (asker);
create index license_request_licensor on license_request (licensor);

-- A projection of the ledger: license requests in their newest state. The side that did not act last is the one to act.
create table license_state (
    request       uuid        primary key,
    position      bigint      not null,
    recorded_at   timestamptz not null,
    asker_alias   uuid        not null,
    state         text        not null,
    ends_at       timestamptz,
    last_alias    uuid        not null,
    last_position bigint      not null,
    changed_at    timestamptz not null
);
create index license_state_ends on license_state (ends_at) where ends_at is not null;
create index license_state_granted on license_state (state) where state = 'granted';

-- A projection of the ledger: the entries of license requests.
create table license_step (
    position    bigint      primary key,
    request     uuid        not null,
    alias       uuid        not null,
    type        text        not null,
    recorded_at timestamptz not null
);
create index license_step_request on license_step (request, position);
