set local lock_timeout = '5s';

-- The position of the entry that records the party's name and contact; 0 if it was opened before such entries existed.
alter table party add column profile_position bigint not null default 0;

-- A projection of the ledger: the entries by which parties were opened, and changed their names and contacts.
create table party_profile (
    party          uuid    not null,
    position       bigint  not null,
    until_position bigint  not null default 9223372036854775807,
    changed        boolean not null,
    contactable    boolean not null,
    primary key (party, position)
);
