-- Acts of the operator that need two keys: proposed with one, and confirmed with another. The rows are records of what
-- was proposed; the act itself is an entry of the ledger.
create table operator_proposal (
    id           uuid        primary key,
    act          text        not null,
    party        uuid        not null references party,
    request      text        not null,
    reason       text        not null,
    proposed_by  text        not null,
    key_hash     bytea       not null references party_operator_key,
    proposed_at  timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    confirmed_by text,
    position     bigint
);
create index operator_proposal_open on operator_proposal (proposed_at) where ended_at is null;
create index operator_proposal_party on operator_proposal (party);
