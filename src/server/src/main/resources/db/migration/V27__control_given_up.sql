-- A claim that is given up takes with it what was seen of it.
alter table party_control_check
    drop constraint party_control_check_claim_fkey,
    add constraint party_control_check_claim_fkey
        foreign key (claim) references party_control_claim on delete cascade;
