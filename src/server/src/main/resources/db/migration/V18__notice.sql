set local lock_timeout = '5s';

-- The party whose act caused the notice, and the number of such acts that the notice stands for.
alter table party_notice
    add column source uuid,
    add column count  integer not null default 1;
