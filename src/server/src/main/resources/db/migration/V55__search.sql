-- The names by which works and parties are found: folded titles and creators of declarations, and folded names of
-- parties. They are computed from the ledger by a follower, and personal data: erasing a party deletes its rows.
create table search_name (
    id       uuid      primary key,
    kind     smallint  not null,
    party    uuid      not null,
    since    bigint    not null,
    title    text      not null,
    creators text      not null,
    exact    bigint    not null,
    grams    integer[] not null
);
create index search_name_party on search_name (party);
create index search_name_exact on search_name (exact, since);
-- The follower writes in blocks, so a short list of pending rows saves little, and each search would read it.
create index search_name_grams on search_name using gin (grams) with (fastupdate = off);

-- The position of the last entry whose names are in the table. It has one row, or none before the first entry.
create table search_progress (
    id       boolean primary key default true check (id),
    position bigint  not null
);
