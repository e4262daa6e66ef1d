-- What the registry counts, so that nobody has to count it: a projection of the ledger, and how often it was asked.

create table figures_day (
    day       date   primary key,
    declared  bigint not null default 0,
    withdrawn bigint not null default 0
);

create table figures_asked (
    day     date   primary key,
    lookups bigint not null
);

insert into figures_day (day, declared, withdrawn)
select (recorded_at at time zone 'UTC')::date,
       count(*) filter (where canonical like '%"type":"declared"%'),
       count(*) filter (where canonical like '%"type":"withdrawn"%')
from ledger_entry
where canonical like '%"type":"declared"%' or canonical like '%"type":"withdrawn"%'
group by 1;
