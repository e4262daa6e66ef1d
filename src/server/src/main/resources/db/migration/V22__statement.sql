-- Finds the declarations of a party that changed since a position.
create index concurrently if not exists standing_declaration_changed on standing_declaration (party, position);
