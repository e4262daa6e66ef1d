-- How many parties each address has opened on a day (UTC). An address is stored as a hash with a random salt of the
-- day. Rows of past days are deleted, and nobody can compute an address from those of the present day without trying
-- all of them.
create table party_opening_salt (
    day  date  primary key,
    salt bytea not null
);
create table party_opening (
    day     date    not null,
    address bytea   not null,
    opened  integer not null,
    primary key (day, address)
);
