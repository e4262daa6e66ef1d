-- A projection of the ledger: the number of declarations and withdrawals of each day, in UTC.
create table statistics_day (
    day       date   primary key,
    declared  bigint not null default 0,
    withdrawn bigint not null default 0
);

-- The number of lookup calls of each day, in UTC.
create table statistics_lookups (
    day     date   primary key,
    lookups bigint not null
);
