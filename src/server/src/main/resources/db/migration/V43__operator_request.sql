-- Requests of parties to the operator: to be verified, or to be recognised as a body that may vouch. A party has one.
create table operator_request (
    party        uuid        primary key references party,
    wants        text        not null,
    schemes      text[]      not null,
    statement    text        not null,
    requested_at timestamptz not null
);
create index operator_request_wants on operator_request (wants, requested_at);
create index party_recovery_state_open on party_recovery_state (state, position);
create index budget_address_kind on budget_address (day, kind, spent desc);
