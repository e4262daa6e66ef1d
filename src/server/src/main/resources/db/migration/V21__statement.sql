-- The party's own strings for its declarations. They are no part of the ledger, because nobody else may see them, and a
-- party may change or erase them without an entry. Erasing the party deletes the rows.
create table statement_reference (
    declaration uuid   primary key,
    party       uuid   not null,
    declared_at bigint not null,
    reference   text   not null
);
create index statement_reference_party on statement_reference (party, reference, declared_at);
