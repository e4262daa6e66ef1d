set local lock_timeout = '5s';

-- True if the contact is that of the entry before.
alter table party_profile add column same_contact boolean not null default false;

-- A projection of the ledger: the answers of the mailboxes that are the contacts of parties. An answer ends when the
-- party changes its contact.
create table party_contact_check (
    party          uuid   not null,
    position       bigint not null,
    until_position bigint not null default 9223372036854775807,
    result         text   not null,
    primary key (party, position)
);

-- The newest link that was sent to the contact of a party. token is the SHA-256 hash of the secret in the link, and
-- contact that of the contact.
create table contact_link (
    party      uuid        primary key,
    token      bytea       not null unique,
    contact    bytea       not null,
    expires_at timestamptz not null
);
-- The links that were asked for by a party on a day (UTC). Rows of past days are deleted.
create table contact_link_count (
    party uuid    not null,
    day   date    not null,
    sent  integer not null,
    primary key (party, day)
);
-- The mailboxes that refused a party: it sends no more links there. address is a SHA-256 hash.
create table contact_refusal (
    party   uuid  not null,
    address bytea not null,
    primary key (party, address)
);
