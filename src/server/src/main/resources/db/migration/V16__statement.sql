set local lock_timeout = '5s';

-- True if only the party's own contact made the statement contactable.
alter table standing_statement add column party_address boolean not null default false;
