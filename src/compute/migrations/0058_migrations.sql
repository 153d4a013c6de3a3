-- Resizes of servers, and moves that were asked for. The one of a server that waits to be confirmed
-- is `finished`, and keeps the flavor that a revert brings back. `number` is the `id` of the API.
CREATE TABLE migration (
    number         INTEGER PRIMARY KEY,
    uuid           TEXT NOT NULL UNIQUE,
    server_id      TEXT NOT NULL REFERENCES server (id),
    project_id     TEXT NOT NULL,
    user_id        TEXT NOT NULL,
    kind           TEXT NOT NULL,
    status         TEXT NOT NULL,
    source         TEXT,                         -- the host it is on
    destination    TEXT,                         -- the host it gets, once one was found
    old_flavor     TEXT NOT NULL,                -- JSON, as servers keep theirs
    new_flavor     TEXT NOT NULL,
    old_flavor_row INTEGER,                      -- Nova's hidden ids, while the flavors are there
    new_flavor_row INTEGER,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER
) STRICT;
CREATE INDEX migration_server ON migration (server_id, status);
CREATE INDEX migration_created ON migration (created_at, number);
