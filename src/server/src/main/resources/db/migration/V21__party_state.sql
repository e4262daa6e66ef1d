-- A projection of the ledger: what the operator ruled of a party, from one position until another.
create table party_state (
    party          uuid    not null,
    position       bigint  not null,
    until_position bigint  not null default 9223372036854775807,
    verified       boolean not null,
    suspended      boolean not null,
    vouches_for    text[]  not null,
    primary key (party, position)
);
