-- Files that arrive to be declared row by row, and what became of each row. Nothing here is truth: what was declared
-- is in the ledger, and all of this goes when the party does.

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

-- The file, in the pieces it came in; forgotten once every row is answered.
create table intake_import_part (
    import   uuid   not null references intake_import on delete cascade,
    position bigint not null,
    bytes    bytea  not null,
    primary key (import, position)
);

-- The report, some thousand rows at a time, as compressed NDJSON.
create table intake_import_report (
    import    uuid   not null references intake_import on delete cascade,
    first_row bigint not null,
    lines     bytea  not null,
    primary key (import, first_row)
);
