set local lock_timeout = '5s';

-- A projection of the ledger: offers to vouch that wait for the member's answer, or that it declined.
create table party_vouch_offer (
    member     uuid        not null,
    body       uuid        not null,
    position   bigint      not null,
    offered_at timestamptz not null,
    declined   boolean     not null default false,
    primary key (member, body)
);
create index party_vouch_offer_body on party_vouch_offer (body, position);

-- The time at which the member accepted; null if it was never asked, which was so in earlier releases. The member may
-- also let the body confirm a recovery of its lost keys.
alter table party_vouch
    add column accepted_at timestamptz,
    add column may_recover boolean not null default false;
