-- A projection of the ledger: the status that the operator gave a party, from one position until another.
create table party_state (
    party          uuid    not null,
    position       bigint  not null,
    until_position bigint  not null default 9223372036854775807,
    verified       boolean not null,
    suspended      boolean not null,
    vouches_for    text[]  not null,
    primary key (party, position)
);

-- A projection of the ledger: the bodies that vouch for a party, from one position until another.
create table party_vouch (
    member         uuid   not null,
    body           uuid   not null,
    position       bigint not null,
    until_position bigint not null default 9223372036854775807,
    primary key (member, body, position)
);
create index party_vouch_body on party_vouch (body, position);
