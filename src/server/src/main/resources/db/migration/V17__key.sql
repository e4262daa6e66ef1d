set local lock_timeout = '5s';

-- A key may have a label, a smaller scope than the whole account, and an end. Its last use is stored once an hour.
alter table party_key
    add column label      text,
    add column scope      text not null default 'full',
    add column expires_at timestamptz,
    add column used_at    timestamptz;
