-- How many e-mails an address has received on a day (UTC), so that nobody floods it. address is the SHA-256 hash of the
-- address. Rows of past days are deleted.
create table mail_sent (
    day     date    not null,
    address bytea   not null,
    sent    integer not null,
    primary key (day, address)
);
