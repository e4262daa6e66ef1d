set local lock_timeout = '5s';

-- The e-mail address to which a party lets the registry send links that sign it in. mailbox is the SHA-256 hash by which
-- the address is found, whatever its spelling.
create table party_mail_sign_in (
    party   uuid        primary key references party,
    address text        not null,
    mailbox bytea       not null,
    since   timestamptz not null
);
create index party_mail_sign_in_mailbox on party_mail_sign_in (mailbox);

-- The links of a day. hash is that of the secret in the link. A link works once, for 15 minutes.
create table party_mail_link (
    hash    bytea       primary key,
    party   uuid        not null references party,
    made_at timestamptz not null,
    used_at timestamptz
);
create index party_mail_link_party on party_mail_link (party, made_at);
create index party_mail_link_made on party_mail_link (made_at);

-- True if the session began with such a link. It ends when the party turns these links off.
alter table party_session add column mail boolean not null default false;
alter table party_session drop constraint party_session_check;
alter table party_session add constraint party_session_check
    check (num_nonnulls(key, passkey) = case when mail then 0 else 1 end);
alter table party_session_link add column mail boolean not null default false;
