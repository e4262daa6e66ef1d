-- What parties about which nothing is proved have done on their current day, which has 24 hours and begins at the time
-- at which the party was opened. day is the number of such days before it.
create table budget_party (
    party uuid   not null,
    kind  text   not null,
    day   bigint not null,
    spent bigint not null,
    primary key (party, kind)
);

-- What the parties of an address have done on a day (UTC). An address is stored as its hash with the salt of the day in
-- party_opening_salt. Rows of past days are deleted. party_opening counts for nodes of the previous release only.
create table budget_address (
    day     date   not null,
    address bytea  not null,
    kind    text   not null,
    spent   bigint not null,
    primary key (day, address, kind)
);

-- The works a day that the operator has allowed to a party; null restores the default. The last row counts.
create table budget_grant (
    id         bigint      generated always as identity primary key,
    party      uuid        not null references party,
    works      bigint,
    reason     text,
    granted_at timestamptz not null
);
create index budget_grant_party on budget_grant (party, id desc);
