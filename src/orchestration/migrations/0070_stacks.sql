-- Stacks, their resources, and what happened to them.

CREATE TABLE stack (
    number           INTEGER PRIMARY KEY,       -- order of creation
    id               TEXT NOT NULL UNIQUE,
    project_id       TEXT NOT NULL,
    name             TEXT NOT NULL,
    trust            TEXT NOT NULL,             -- JSON: who made it, whose rights it has
    action           TEXT NOT NULL,
    status           TEXT NOT NULL,
    reason           TEXT NOT NULL,
    source           TEXT NOT NULL,             -- JSON: template, files, environment
    previous         TEXT,                      -- JSON: what a rollback goes back to
    tags             TEXT NOT NULL,             -- JSON
    timeout_mins     INTEGER,
    disable_rollback INTEGER NOT NULL,
    traversal        TEXT NOT NULL,             -- the run over its resources that counts
    deadline         INTEGER NOT NULL,          -- when that run is given up
    request_id       TEXT NOT NULL,             -- the request that asked for it
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER,
    deleted_at       INTEGER
) STRICT;

CREATE UNIQUE INDEX stack_name ON stack (project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX stack_project ON stack (project_id, number);

CREATE TABLE stack_resource (
    number          INTEGER PRIMARY KEY,
    stack_id        TEXT NOT NULL REFERENCES stack (id),
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,              -- as the template has it
    short_id        TEXT NOT NULL,              -- the end of the name that it gives to things
    physical_id     TEXT,
    action          TEXT NOT NULL,
    status          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    properties      TEXT NOT NULL,              -- JSON: what it was made of, resolved
    metadata        TEXT NOT NULL,              -- JSON
    update_policy   TEXT NOT NULL,              -- JSON
    data            TEXT NOT NULL,              -- JSON: what its type keeps for itself
    retain          INTEGER NOT NULL,           -- its thing outlives it
    requires        TEXT NOT NULL,              -- JSON: names of the resources that it needs
    wanted          TEXT NOT NULL,              -- what the traversal wants of it
    progress        TEXT NOT NULL,              -- how far the traversal is with it
    visitor         TEXT,                       -- the traversal whose operation works on it
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX stack_resource_name ON stack_resource (stack_id, name);

CREATE TABLE stack_event (
    number        INTEGER PRIMARY KEY,          -- order of happening
    id            TEXT NOT NULL UNIQUE,
    stack_id      TEXT NOT NULL REFERENCES stack (id),
    resource_name TEXT NOT NULL,                -- the stack's own name for its own events
    resource_type TEXT NOT NULL,
    physical_id   TEXT NOT NULL,
    action        TEXT NOT NULL,
    status        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    properties    TEXT NOT NULL,                -- JSON
    created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX stack_event_stack ON stack_event (stack_id, number);
