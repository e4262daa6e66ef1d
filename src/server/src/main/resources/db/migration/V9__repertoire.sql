-- Projections of the ledger: repertoires, and the works that they list. The terms of a repertoire are stored once, in
-- standing_statement, under the key of 'repertoire:' and its id.

create table standing_repertoire (
    declaration uuid   primary key,
    listed      bigint not null
);

-- One row for each key under which a listed subject can be found; the subject's own key has own = true. A subject is
-- listed at position p while position <= p < until_position.
create table standing_listing (
    key            bytea   not null,
    declaration    uuid    not null,
    position       bigint  not null,
    until_position bigint  not null default 9223372036854775807,
    subject        text    not null,
    own            boolean not null,
    primary key (key, declaration, position)
);
-- Serves the pages of the works that are listed now.
create index standing_listing_page on standing_listing (declaration, key)
    where own and until_position = 9223372036854775807;
