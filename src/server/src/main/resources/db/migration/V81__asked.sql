-- Counts of lookups. They are no projection of the ledger: nothing can compute them again.

-- What a node counted in some seconds, as one value. A chunk is stored whole and is then added to the tables below,
-- part by part. It stays for a day after that, so that a chunk that is sent twice is stored once.
create table asked_chunk (
    id        bigint      generated always as identity primary key,
    node      uuid        not null,
    sequence  bigint      not null,
    day       date        not null,
    since     timestamptz not null,
    until     timestamptz not null,
    cells     bytea       not null,
    folded    integer     not null default 0,
    sketch    text,
    uncounted bigint      not null default 0,
    done_at   timestamptz,
    unique (node, sequence)
);
-- The value is written once and is small already.
alter table asked_chunk alter column cells set storage external;
create index asked_chunk_open on asked_chunk (id) where done_at is null;
create index asked_chunk_done on asked_chunk (done_at) where done_at is not null;

-- The lookups that a declaration answered on a day in UTC. The asker is a party; or 0 for everybody
-- without a name, and 1 for the declaring party itself.
create table asked_declaration (
    declaration uuid        not null,
    day         date        not null,
    asker       uuid        not null,
    lookups     bigint      not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    primary key (declaration, day, asker)
);
create index asked_declaration_asker on asked_declaration (asker)
    where asker > '00000000-0000-0000-0000-000000000001';

-- The same for all declarations of a party.
create table asked_party (
    party   uuid   not null,
    day     date   not null,
    asker   uuid   not null,
    lookups bigint not null,
    primary key (party, day, asker)
);
create index asked_party_asker on asked_party (asker) where asker > '00000000-0000-0000-0000-000000000001';

-- The same for each work of a declaration in a month, given by its first day. The work is the first 63 bits of the key
-- of the declared subject.
create table asked_work (
    declaration uuid   not null,
    month       date   not null,
    work        bigint not null,
    asker       uuid   not null,
    party       uuid   not null,
    lookups     bigint not null,
    primary key (declaration, month, work, asker)
);
create index asked_work_party on asked_work (party, month);
create index asked_work_month on asked_work (month);
create index asked_work_asker on asked_work (asker) where asker > '00000000-0000-0000-0000-000000000001';

-- Works of a month that were too many to count each: a sketch of their numbers, as text.
create table asked_sketch (
    month  date primary key,
    sketch text not null
);

-- Lookups of a day that were counted for no declaration, because the memory for counts was full.
create table asked_uncounted (
    day     date   primary key,
    lookups bigint not null
);
