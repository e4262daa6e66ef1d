set local lock_timeout = '5s';

-- True if a form of the registry takes the place of the party's contact.
alter table party add column relay boolean not null default false;

-- The messages that strangers left in the form of a party. They are deleted after 180 days.
create table party_message (
    id       bigint generated always as identity primary key,
    party    uuid        not null,
    at       timestamptz not null,
    name     text        not null,
    reply_to text        not null,
    works    text[]      not null,
    message  text        not null
);
create index party_message_party on party_message (party, id);
create index party_message_at on party_message (at);

-- True if the e-mail has a message of a stranger, and not a notice about the account.
alter table mail_queue add column letter boolean not null default false;
