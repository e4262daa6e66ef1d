-- The rule by which a society divides what is due among its members.
create table report_distribution (
    party      uuid        primary key,
    deduction  text        not null,
    weights    text        not null,
    changed_at timestamptz not null
);
