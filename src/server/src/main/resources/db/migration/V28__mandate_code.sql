-- Codes that were made anew, in place of those that stand beside the ledger. Only hashes, as there.
create table party_mandate_new_code (
    mandate uuid primary key,
    hash    text not null unique
);
