-- Under which mandate a declaration was made; null if its party speaks for itself. It never changes.
alter table standing_declaration add column mandate uuid;
update standing_declaration d set mandate = u.mandate
    from party_mandate_use u where u.declaration = d.id and u.position = d.declared_at;
create unique index standing_declaration_mandate on standing_declaration (mandate, declared_at) where mandate is not null;
