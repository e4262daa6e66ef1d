-- The ledger is the only truth. Every projection can be rebuilt from it.

create table ledger_entry (
    position    bigint      primary key check (position > 0),
    recorded_at timestamptz not null,
    canonical   text        not null,
    leaf_hash   bytea       not null check (length(leaf_hash) = 32)
);
comment on table ledger_entry is 'All entries, in gapless positions in the order of commit. Rows are never updated or deleted.';

-- The parts of entries that may name a person. Deleting a row leaves every proof intact, because the entry contains
-- only a salted hash of it.
create table ledger_confidential (
    position bigint primary key references ledger_entry,
    salt     bytea  not null,
    content  text   not null
);

create function ledger_refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % of % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end
$$;
create trigger ledger_entry_append_only
    before update or delete or truncate on ledger_entry
    for each statement execute function ledger_refuse_rewriting();
-- Confidential parts may be erased, but not replaced by others.
create trigger ledger_confidential_not_exchanged
    before update or truncate on ledger_confidential
    for each statement execute function ledger_refuse_rewriting();
