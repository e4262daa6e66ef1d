-- The party that decides next in the place of the operator.
alter table dispute add column arbiter uuid;
