-- The log that outsiders verify. Its one row keeps the newest signed checkpoint.
create table transparency_log (
    one          boolean     primary key default true check (one),
    origin       text        not null,
    verifier_key text        not null,
    size         bigint      not null,
    frontier     bytea       not null,
    checkpoint   text        not null,
    published_at timestamptz not null
);

-- Hashes of complete subtrees at levels 8, 16, 24 and so on. The hashes of level 0 are the leaf hashes in ledger_entry.
create table transparency_subtree (
    level smallint not null,
    idx   bigint   not null,
    hash  bytea    not null check (length(hash) = 32),
    primary key (level, idx)
);

-- All public keys that ever signed receipts. Old receipts still verify after a key was replaced.
create table transparency_receipt_key (
    kid        text        primary key,
    public_key bytea       not null,
    created_at timestamptz not null
);
