-- The answers to requests that were sent with an Idempotency-Key and whose key is not stored with an entry of the
-- ledger. An answer is encrypted under the caller's key and the Idempotency-Key, neither of which is stored, so nobody
-- can read a row without the request itself. It is null while the first request is under way. Rows older than a day are
-- deleted.
create table submission_answer (
    id       bytea       primary key,
    request  bytea       not null,
    begun_at timestamptz not null,
    answer   bytea
);
create index submission_answer_begun_at on submission_answer (begun_at);
