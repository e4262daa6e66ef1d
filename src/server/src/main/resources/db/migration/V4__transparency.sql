-- The log that outsiders verify: one row says what was last signed.
create table transparency_log (
    one          boolean     primary key default true check (one),
    origin       text        not null,
    verifier_key text        not null,
    size         bigint      not null,
    frontier     bytea       not null,
    checkpoint   text        not null,
    published_at timestamptz not null
);

-- Hashes of complete subtrees at levels 8, 16, 24 …; those of level 0 are the leaf hashes of the ledger itself.
create table transparency_subtree (
    level smallint not null,
    idx   bigint   not null,
    hash  bytea    not null check (length(hash) = 32),
    primary key (level, idx)
);

-- Public keys that ever signed receipts, so that old receipts verify after a key was replaced.
create table transparency_receipt_key (
    kid        text        primary key,
    public_key bytea       not null,
    created_at timestamptz not null
);

-- Parties that had what names a person erased: a contact that was erased is nobody's address.
create table party_erasure (
    party    uuid   primary key,
    position bigint not null
);
alter table standing_statement add column lasting_address boolean not null default false;
