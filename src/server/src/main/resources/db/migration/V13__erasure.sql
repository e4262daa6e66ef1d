-- A projection of the ledger: parties whose name and contact were erased. Nobody can be asked at an erased contact.
create table party_erasure (
    party    uuid   primary key,
    position bigint not null
);
