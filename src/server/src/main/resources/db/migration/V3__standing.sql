-- Projections of the ledger: what holds now, and what held at any position before.

create table standing_declaration (
    id          uuid    primary key,
    party       uuid    not null,
    declared_at bigint  not null,
    position    bigint  not null,
    withdrawn   boolean not null,
    fingerprint bytea   not null
);
create unique index standing_declaration_party on standing_declaration (party, declared_at);
create index standing_declaration_fingerprint on standing_declaration (party, fingerprint) where not withdrawn;

-- Which entries speak of a declaration, oldest first.
create table standing_history (
    declaration uuid   not null,
    position    bigint not null,
    primary key (declaration, position)
);

-- One row for each subject of each statement; in force at position p while position <= p < until_position.
create table standing_statement (
    key            bytea   not null,
    position       bigint  not null,
    until_position bigint  not null default 9223372036854775807,
    declaration    uuid    not null,
    party          uuid    not null,
    subject        text    not null,
    stances        integer not null,
    address        boolean not null,
    valid_from     timestamptz,
    valid_to       timestamptz,
    primary key (key, position)
);
create index standing_statement_declaration on standing_statement (declaration, until_position);
