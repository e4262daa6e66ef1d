-- Parties that asked to be closed. They can undo it until the time at which they are closed.
create table party_closing (
    party        uuid        primary key references party,
    requested_at timestamptz not null,
    closes_at    timestamptz not null
);
create index party_closing_due on party_closing (closes_at);
