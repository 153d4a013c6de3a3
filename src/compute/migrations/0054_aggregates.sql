-- Hosts that operators put together. `row` is the aggregate's id in the API.
CREATE TABLE aggregate (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER
) STRICT;

-- A host may be in several.
CREATE TABLE aggregate_host (
    aggregate INTEGER NOT NULL REFERENCES aggregate (row) ON DELETE CASCADE,
    host      TEXT NOT NULL,
    PRIMARY KEY (aggregate, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX aggregate_host_host ON aggregate_host (host);

-- The key `availability_zone` is the zone of its hosts.
CREATE TABLE aggregate_metadata (
    aggregate INTEGER NOT NULL REFERENCES aggregate (row) ON DELETE CASCADE,
    key       TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (aggregate, key)
) STRICT, WITHOUT ROWID;
