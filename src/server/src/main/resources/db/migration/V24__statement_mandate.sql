-- Under which mandate a statement was made; null if its party speaks for itself.
alter table standing_statement add column mandate uuid;
