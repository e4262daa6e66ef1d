-- Grants. A grant is confidential: only its two sides see these rows. The ledger has its id, licensor, period, and
-- commitments to everything else.

-- The grants, written before the entry that gives them. A row without an event was never given, and counts for nothing.
create table grant_record (
    id         uuid        primary key,
    licensor   uuid        not null,
    licensee   uuid        not null,
    everything boolean     not null,
    works      integer     not null,
    schemes    bigint      not null,
    terms      text        not null,
    salts      bytea       not null,
    erased     boolean     not null default false,
    written_at timestamptz not null
);
create index on grant_record (licensee, id);
create index on grant_record (licensor, id);

-- The works of a grant in parts of 1,000, in the order of their texts: 32 bytes of key for each, and one line for each.
create table grant_work (
    grant_id uuid    not null references grant_record on delete cascade,
    part     integer not null,
    keys     bytea   not null,
    subjects text    not null,
    primary key (grant_id, part)
);

-- The events of grants, folded from the ledger.
create table grant_event (
    position    bigint      not null,
    grant_id    uuid        not null,
    kind        text        not null,
    licensor    uuid        not null,
    recorded_at timestamptz not null,
    valid_from  timestamptz,
    valid_to    timestamptz,
    ends_at     timestamptz,
    other       uuid,
    primary key (position, grant_id)
);
create index on grant_event (grant_id, position);
