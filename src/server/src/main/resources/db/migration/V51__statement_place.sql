-- Finds the statements about what a site or a prefix contains. The place of an address is its host, reversed, and the
-- beginning of its path; so the addresses of a site and of its subdomains are together. The place of anything else is
-- the beginning of the subject.
create index concurrently if not exists standing_statement_place on standing_statement (
    ((case
        when subject like 'url:%' or subject like 'under:%' then reverse(split_part(subject, '/', 3))
            || left(substr(subject, strpos(subject, '://') + 3 + length(split_part(subject, '/', 3))), 100)
        when subject like 'domain:%' then reverse(substr(subject, 8)) || '/'
        else left(subject, 100)
    end) collate "C"),
    position
) where until_position = 9223372036854775807;
