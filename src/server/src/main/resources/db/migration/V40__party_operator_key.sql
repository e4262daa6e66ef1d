-- Each operator key has a name, so that the record of an act says whose key acted. The key that a release without
-- names made is called "first".
alter table party_operator_key add column name text not null default 'first';
create unique index party_operator_key_name on party_operator_key (name) where revoked_at is null;
