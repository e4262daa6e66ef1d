-- Proofs from before V26 get their vouching body from the ledger. An id there is p_ and 26 digits of Crockford's base 32:
-- 130 bits, of which the first two are zero.
set local lock_timeout = '5s';
update party_control c
   set body = (select string_agg(to_hex(substring(b.bits from n for 4)::bit(4)::integer), '' order by n)::uuid
                 from (select string_agg(
                                  (strpos('0123456789abcdefghjkmnpqrstvwxyz', substring(e.canonical::json ->> 'by' from k for 1)) - 1)
                                      ::bit(5)::text,
                                  '' order by k) as bits
                         from generate_series(3, 28) k) b,
                      generate_series(3, 127, 4) n)
  from ledger_entry e
 where e.position = c.position
   and c.body is null
   and e.canonical::json ->> 'by' is not null;
