-- Projections of the ledger: mandates, by which one party may speak for another.

-- A mandate in the state that its newest entry gave it.
create table party_mandate (
    id         uuid        primary key,
    position   bigint      not null,
    society    uuid        not null,
    member     uuid,
    offered_by uuid        not null,
    state      text        not null,
    kinds      text[]      not null,
    uses       text[]      not null,
    territory  text[]      not null,
    valid_from timestamptz,
    valid_to   timestamptz,
    document   text,
    reference  text,
    code       text
);
create index party_mandate_society on party_mandate (society, position);
create index party_mandate_member on party_mandate (member, position);
create index party_mandate_reference on party_mandate (society, reference) where reference is not null;
create index party_mandate_code on party_mandate (code) where code is not null;

-- The parties and the period of a mandate, from one position until another. A mandate has no row here before it is
-- accepted or recorded.
create table party_mandate_term (
    mandate        uuid   not null,
    position       bigint not null,
    until_position bigint not null default 9223372036854775807,
    society        uuid   not null,
    member         uuid,
    valid_from     timestamptz,
    valid_to       timestamptz,
    primary key (mandate, position)
);

-- The entries that were made under a mandate.
create table party_mandate_use (
    position    bigint primary key,
    declaration uuid   not null,
    mandate     uuid   not null
);
create index party_mandate_use_declaration on party_mandate_use (declaration);

-- Replacement codes. They are not a projection, and only their hashes are stored. The first code of a mandate is in
-- ledger_confidential.
create table party_mandate_new_code (
    mandate uuid primary key,
    hash    text not null unique
);
