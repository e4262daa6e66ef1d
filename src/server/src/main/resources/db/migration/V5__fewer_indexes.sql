-- Two indexes that every declaration paid for and nothing needs (docs/adr/0017-what-a-declaration-costs.md).

-- Times never decrease with positions, so a moment is found by halving positions.
drop index ledger_entry_recorded_at;

-- A statement that ends is found by its primary key: its entry says under which keys it is kept.
drop index standing_statement_declaration;
