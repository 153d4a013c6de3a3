-- A row per server, the deleted ones too: `deleted=true` and `changes-since` show them.
-- What only shows together with its server (flavor, metadata, tags) is JSON in the row, so that a
-- page of details costs one query.
CREATE TABLE server (
    number            INTEGER PRIMARY KEY,       -- order of creation; `instance-%08x`
    id                TEXT NOT NULL UNIQUE,
    project_id        TEXT NOT NULL,
    user_id           TEXT NOT NULL,
    name              TEXT NOT NULL,
    hostname          TEXT NOT NULL,
    description       TEXT,
    image_id          TEXT,
    image_properties  TEXT NOT NULL,             -- JSON object: the image's, as they were at boot
    flavor_id         TEXT NOT NULL,
    flavor            TEXT NOT NULL,             -- JSON: the flavor as it was at boot
    vcpus             INTEGER NOT NULL,          -- of that flavor, for sums
    ram_mb            INTEGER NOT NULL,
    vm_state          TEXT NOT NULL,
    task_state        TEXT,
    power_state       INTEGER NOT NULL,
    progress          INTEGER NOT NULL,
    host              TEXT,                      -- set when placed
    availability_zone TEXT,                      -- the host's
    pinned_zone       TEXT,                      -- the one asked for
    key_name          TEXT,
    key_pair          TEXT,                      -- JSON: the key pair as it was at boot
    user_data         TEXT,                      -- base64, as it came
    config_drive      INTEGER NOT NULL,
    access_ipv4       TEXT,
    access_ipv6       TEXT,
    auto_disk_config  INTEGER NOT NULL,
    locked_by         TEXT,
    locked_reason     TEXT,
    reservation_id    TEXT NOT NULL,
    launch_index      INTEGER NOT NULL,
    scheduler_hints   TEXT NOT NULL,             -- JSON object
    metadata          TEXT NOT NULL,             -- JSON object, in the order of insertion
    tags              TEXT NOT NULL,             -- JSON array
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    launched_at       INTEGER,
    terminated_at     INTEGER,
    deleted_at        INTEGER
) STRICT;

-- Also covers the sums of the quotas.
CREATE INDEX server_living ON server (project_id, created_at, number, vcpus, ram_mb)
    WHERE deleted_at IS NULL;
CREATE INDEX server_living_all ON server (created_at, number) WHERE deleted_at IS NULL;
CREATE INDEX server_of_host ON server (host) WHERE deleted_at IS NULL;
CREATE INDEX server_updated ON server (project_id, updated_at);

-- Why a server is in ERROR; the latest row is shown.
CREATE TABLE server_fault (
    number     INTEGER PRIMARY KEY,
    server_id  TEXT NOT NULL REFERENCES server (id),
    code       INTEGER NOT NULL,
    message    TEXT NOT NULL,
    details    TEXT NOT NULL,                    -- administrators only, when the code is 500
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX server_fault_server ON server_fault (server_id, number);
