-- A running import that waits for the budget of the next day has paused_until. Nodes of the previous release see a lease
-- that ends then. address is the address from which it was started; it is kept until the import ends.
set local lock_timeout = '5s';
alter table intake_import add column paused_until timestamptz, add column address text;
