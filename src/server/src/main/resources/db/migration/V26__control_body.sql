-- The vouching body on whose word a proof rests; null if it rests on nobody's.
alter table party_control add column body uuid;
