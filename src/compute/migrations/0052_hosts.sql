-- The machines that carry servers, as the engine last described them. `row` is the hypervisor's
-- integer id in old versions of the API.
CREATE TABLE host (
    row             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL UNIQUE,
    engine          TEXT NOT NULL,
    engine_version  TEXT NOT NULL,
    architecture    TEXT NOT NULL,
    vcpus           INTEGER NOT NULL,
    ram_mb          INTEGER NOT NULL,
    disk_gb         INTEGER NOT NULL,
    disk_free_gb    INTEGER NOT NULL,
    disk_limits     INTEGER NOT NULL
) STRICT;

-- What Nova runs as processes, one row per binary and host. `row` is the integer id of old
-- versions. `answers` is false when the last look at the engine failed.
CREATE TABLE compute_service (
    row             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    host            TEXT NOT NULL,
    binary          TEXT NOT NULL,
    answers         INTEGER NOT NULL,
    seen_at         INTEGER NOT NULL,
    disabled        INTEGER NOT NULL DEFAULT 0,
    disabled_reason TEXT,
    forced_down     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (host, binary)
) STRICT;
