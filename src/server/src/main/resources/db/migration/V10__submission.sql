-- Requests that were sent with an Idempotency-Key. Rows older than seven days are deleted.
create table ledger_submission (
    party        uuid        not null,
    key          text        not null,
    request      bytea       not null,
    position     bigint      not null references ledger_entry,
    submitted_at timestamptz not null,
    primary key (party, key)
);
create index ledger_submission_submitted_at on ledger_submission (submitted_at);
