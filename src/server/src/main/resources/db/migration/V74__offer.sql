-- A projection of the ledger: offers of licenses. A version of an offer is in force at position p while
-- position <= p < until_position.
create table offer (
    id             uuid        not null,
    position       bigint      not null,
    until_position bigint      not null default 9223372036854775807,
    first_position bigint      not null,
    recorded_at    timestamptz not null,
    party          uuid        not null,
    declarations   uuid[]      not null,
    subjects       text[]      not null,
    terms          text        not null,
    automatic      boolean     not null,
    primary key (id, position)
);
create index offer_party on offer (party, position);
create index offer_position on offer (position);
create index offer_until on offer (until_position) where until_position < 9223372036854775807;
