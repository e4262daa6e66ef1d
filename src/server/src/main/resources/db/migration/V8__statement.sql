-- Projections of the ledger: the statements in force now, and those in force at any earlier position.

-- A declaration in its newest state. Its mandate never changes; it is null if the party speaks for itself.
create table standing_declaration (
    id          uuid    primary key,
    party       uuid    not null,
    declared_at bigint  not null,
    position    bigint  not null,
    withdrawn   boolean not null,
    fingerprint bytea   not null,
    mandate     uuid
);
create unique index standing_declaration_party on standing_declaration (party, declared_at);
create index standing_declaration_fingerprint on standing_declaration (party, fingerprint) where not withdrawn;
create unique index standing_declaration_mandate on standing_declaration (mandate, declared_at) where mandate is not null;

-- The positions of all entries about a declaration.
create table standing_history (
    declaration uuid   not null,
    position    bigint not null,
    primary key (declaration, position)
);

-- One row for each subject of each statement. It is in force at position p while position <= p < until_position.
-- The mandate is null if the party speaks for itself.
create table standing_statement (
    key             bytea   not null,
    position        bigint  not null,
    until_position  bigint  not null default 9223372036854775807,
    declaration     uuid    not null,
    party           uuid    not null,
    subject         text    not null,
    stances         integer not null,
    address         boolean not null,
    valid_from      timestamptz,
    valid_to        timestamptz,
    lasting_address boolean not null default false,
    mandate         uuid,
    primary key (key, position)
);
