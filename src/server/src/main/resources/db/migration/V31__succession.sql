-- The body that must confirm who asks; null if control of the subject must be shown.
set local lock_timeout = '5s';
alter table party_recovery add column body uuid;

-- Notices about accounts that wait to be sent by e-mail.
create table mail_queue (
    notice   bigint      primary key,
    party    uuid        not null,
    due_at   timestamptz not null,
    failures integer     not null default 0
);
create index mail_queue_due on mail_queue (due_at);
create index mail_queue_party on mail_queue (party);
