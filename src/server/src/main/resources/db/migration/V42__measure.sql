-- Measures of the operator, folded from the ledger: what it hides, and which parties it restricts. A measure that was
-- lifted has the position of the entry that lifted it.
create table measure (
    position       bigint primary key,
    kind           text   not null,
    party          uuid   not null,
    declaration    uuid,
    subject_key    bytea,
    ground         text   not null,
    until_position bigint not null default 9223372036854775807
);
create index measure_in_force on measure (party) where until_position = 9223372036854775807;

-- The entries that the operator's keys submitted, folded from the ledger, for the log of the operator's acts.
-- The type of an entry tells if the operator submitted it. Only revocations of control do not: those have the party,
-- because their rows go with the confidential part that tells.
create table operator_act (
    position    bigint primary key,
    revoked_for uuid
);
create index operator_act_revoked on operator_act (revoked_for) where revoked_for is not null;
insert into operator_act (position)
    select position from ledger_entry
    where canonical like '%"type":"party-status-decided"%'
       or canonical like '%"type":"dispute-decided"%'
       or canonical like '%"type":"dispute-defective"%'
       or canonical like '%"type":"succeeded"%'
       or (canonical like '%"type":"control-proved"%' and canonical like '%"method":"operator"%');
