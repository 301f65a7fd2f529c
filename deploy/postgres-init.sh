#!/bin/sh
# Runs once, on an empty volume: a database and two roles. The owner makes and changes tables, the
# application's role uses them; which rights it gets on each is set by every migration.
set -eu

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    -v owner_password="$POSTGRES_OWNER_PASSWORD" -v app_password="$POSTGRES_APP_PASSWORD" <<'SQL'
CREATE ROLE docuvault_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE docuvault_app LOGIN PASSWORD :'app_password';
CREATE DATABASE docuvault OWNER docuvault_owner TEMPLATE template0
    ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE docuvault FROM PUBLIC;
GRANT CONNECT ON DATABASE docuvault TO docuvault_app;

-- The superuser is for the socket inside the container; without a password it has no other way in.
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
