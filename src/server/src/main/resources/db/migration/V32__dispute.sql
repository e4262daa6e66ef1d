-- Projections of the ledger: rejections, disputes and the operator's decisions about statements.

-- A dispute in its newest state. The challenger is null if the operator decided without one.
create table dispute (
    id          uuid        primary key,
    position    bigint      not null,
    recorded_at timestamptz not null,
    kind        text        not null,
    challenger  uuid,
    respondent  uuid        not null,
    declaration uuid,
    subjects    text[]      not null,
    grounds     text,
    ends_at     timestamptz,
    state       text        not null,
    appealed    boolean     not null default false
);
create index dispute_challenger on dispute (challenger, position);
create index dispute_respondent on dispute (respondent, position);
create index dispute_state on dispute (state, position);

-- The entries of disputes.
create table dispute_step (
    position    bigint      primary key,
    dispute     uuid        not null,
    party       uuid        not null,
    type        text        not null,
    recorded_at timestamptz not null
);
create index dispute_step_dispute on dispute_step (dispute, position);
create index dispute_step_party on dispute_step (party);

-- One row for each key under which a contested subject can be found; the subject's own key has own = true. A contest is
-- in force at position p while position <= p < until_position.
create table dispute_contest (
    key            bytea    not null,
    position       bigint   not null,
    until_position bigint   not null default 9223372036854775807,
    dispute        uuid     not null,
    kind           integer  not null,
    respondent     uuid     not null,
    challenger     uuid,
    ends_at        timestamptz,
    lapses_at      timestamptz,
    subject        text     not null,
    own            boolean  not null,
    primary key (key, position)
);
create index dispute_contest_dispute on dispute_contest (dispute);
create index dispute_contest_respondent on dispute_contest (respondent) where until_position = 9223372036854775807;
