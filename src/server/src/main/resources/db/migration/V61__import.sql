-- Numbers of an import beside those of its rows by result: words in the place of identifiers, and rows with a repaired
-- identifier. Nodes of the previous release leave them at 0.
set local lock_timeout = '5s';
alter table intake_import
    add column placeholders bigint not null default 0,
    add column repaired     bigint not null default 0;
