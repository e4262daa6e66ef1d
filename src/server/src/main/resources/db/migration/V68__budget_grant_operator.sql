-- The name of the operator's key that set the budget. Rows of the previous release have none.
alter table budget_grant add column operator text;
