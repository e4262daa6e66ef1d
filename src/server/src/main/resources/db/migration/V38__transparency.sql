-- The newest checkpoint with cosignatures of witnesses, and the lease of the node that asks the witnesses. One row, which
-- the first node creates that asks.
create table transparency_cosigned (
    one          boolean     primary key default true check (one),
    size         bigint      not null,
    checkpoint   text,
    asked_at     timestamptz not null,
    leased_by    uuid        not null,
    leased_until timestamptz not null
);
