-- Finds the listed works that a site or a prefix contains, as standing_statement_place finds statements.
create index concurrently if not exists standing_listing_place on standing_listing (
    ((case
        when subject like 'url:%' or subject like 'under:%' then reverse(split_part(subject, '/', 3))
            || left(substr(subject, strpos(subject, '://') + 3 + length(split_part(subject, '/', 3))), 100)
        when subject like 'domain:%' then reverse(substr(subject, 8)) || '/'
        else left(subject, 100)
    end) collate "C"),
    position
) where own and until_position = 9223372036854775807;
