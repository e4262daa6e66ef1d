-- Files whose rows are declared one by one, and the result of each row. The declarations themselves are in the ledger.
-- If a party is erased, its imports are deleted.

create table intake_import (
    id           uuid        primary key,
    party        uuid        not null references party,
    name         text        not null,
    size         bigint      not null,
    received     bigint      not null default 0,
    status       text        not null,
    created_at   timestamptz not null,
    touched_at   timestamptz not null,
    found        text,
    plan         text,
    authority    bytea,
    leased_until timestamptz,
    rows_read    bigint      not null default 0,
    declared     bigint      not null default 0,
    repeated     bigint      not null default 0,
    noted        bigint      not null default 0,
    refused      bigint      not null default 0,
    problem      text
);
create index intake_import_party on intake_import (party, created_at);
create index intake_import_running on intake_import (created_at) where status = 'running';
create index intake_import_touched on intake_import (touched_at);

-- The pieces of a file, as they were received. They are deleted once every row has a result.
create table intake_import_part (
    import   uuid   not null references intake_import on delete cascade,
    position bigint not null,
    bytes    bytea  not null,
    primary key (import, position)
);

-- The report as compressed NDJSON. Each row of this table holds the lines of some thousand rows of the file.
create table intake_import_report (
    import    uuid   not null references intake_import on delete cascade,
    first_row bigint not null,
    lines     bytea  not null,
    primary key (import, first_row)
);
