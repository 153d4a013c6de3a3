-- The sizes of servers. `row` is Nova's hidden integer id: a sort key of the API.
CREATE TABLE flavor (
    row          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL UNIQUE,
    description  TEXT,
    vcpus        INTEGER NOT NULL,
    ram_mb       INTEGER NOT NULL,
    disk_gb      INTEGER NOT NULL,
    ephemeral_gb INTEGER NOT NULL,
    swap_mb      INTEGER NOT NULL,
    rxtx_factor  REAL NOT NULL,
    is_public    INTEGER NOT NULL,
    disabled     INTEGER NOT NULL,
    extra_specs  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER
) STRICT;

-- Projects that may use a private flavor.
CREATE TABLE flavor_access (
    flavor  TEXT NOT NULL REFERENCES flavor (id) ON DELETE CASCADE,
    project TEXT NOT NULL,
    PRIMARY KEY (flavor, project)
) STRICT, WITHOUT ROWID;
