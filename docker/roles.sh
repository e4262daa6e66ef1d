#!/usr/bin/env bash
# Runs once, on an empty database: creates the role of the service, which owns no table. docs/operations.md says why.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=owner="$POSTGRES_USER" --set=password="$ASKFIRST_PASSWORD" <<'SQL'
create role askfirst login password :'password';
revoke create on schema public from public;
alter default privileges for role :"owner" grant select, insert, update, delete, truncate on tables to askfirst;
alter default privileges for role :"owner" grant usage on sequences to askfirst;
SQL
