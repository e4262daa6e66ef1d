set local lock_timeout = '5s';

-- The address to which notices of a party are posted. The secret signs them, so it is stored as it is.
create table webhook (
    party           uuid        primary key references party,
    url             text        not null,
    secret          bytea       not null,
    set_at          timestamptz not null,
    failures        integer     not null default 0,
    failing         boolean     not null default false,
    due_at          timestamptz,
    attempt_at      timestamptz,
    attempt_outcome text,
    attempt_status  integer,
    attempt_detail  text
);
create index webhook_due on webhook (due_at) where due_at is not null;

-- The notices that wait for their delivery, in the order of their ids.
create table webhook_delivery (
    notice bigint primary key references party_notice on delete cascade,
    party  uuid   not null references webhook on delete cascade
);
create index webhook_delivery_party on webhook_delivery (party, notice);
