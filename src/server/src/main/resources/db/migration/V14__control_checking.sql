-- The moment until which a check that the party asked for may still be running; null if none is.
set local lock_timeout = '5s';
alter table party_control_claim add column checking_until timestamptz;
