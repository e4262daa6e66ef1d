-- The ledger: the only truth. Everything else can be rebuilt from it.

create table ledger_entry (
    position    bigint      primary key check (position > 0),
    recorded_at timestamptz not null,
    canonical   text        not null,
    leaf_hash   bytea       not null check (length(leaf_hash) = 32)
);
create index ledger_entry_recorded_at on ledger_entry (recorded_at, position);
comment on table ledger_entry is 'What was declared, in gapless positions in the order of commit. Never updated, never deleted.';

-- What may name a person. Erasing a row leaves every proof intact: the entry holds only a salted hash of it.
create table ledger_confidential (
    position bigint primary key references ledger_entry,
    salt     bytea  not null,
    content  text   not null
);

-- Requests that were sent with an Idempotency-Key; may be forgotten after a day.
create table ledger_submission (
    party        uuid        not null,
    key          text        not null,
    request      bytea       not null,
    position     bigint      not null references ledger_entry,
    submitted_at timestamptz not null,
    primary key (party, key)
);
create index ledger_submission_submitted_at on ledger_submission (submitted_at);

create function ledger_refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % of % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end
$$;
create trigger ledger_entry_append_only
    before update or delete or truncate on ledger_entry
    for each statement execute function ledger_refuse_rewriting();
-- Confidential parts may be erased, but not exchanged for others.
create trigger ledger_confidential_not_exchanged
    before update or truncate on ledger_confidential
    for each statement execute function ledger_refuse_rewriting();
