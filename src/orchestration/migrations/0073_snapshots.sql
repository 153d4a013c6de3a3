-- Snapshots of stacks, and what becomes of things whose resources go.

CREATE TABLE stack_snapshot (
    number     INTEGER PRIMARY KEY,             -- order of creation
    id         TEXT NOT NULL UNIQUE,
    stack_id   TEXT NOT NULL REFERENCES stack (id),
    project_id TEXT NOT NULL,
    name       TEXT,
    action     TEXT NOT NULL,
    status     TEXT NOT NULL,
    reason     TEXT,
    data       TEXT NOT NULL,                   -- JSON: the stack as it was
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX stack_snapshot_stack ON stack_snapshot (stack_id, number);

ALTER TABLE stack_resource ADD COLUMN deletion_policy TEXT NOT NULL DEFAULT 'Delete';
UPDATE stack_resource SET deletion_policy = 'Retain' WHERE retain;
ALTER TABLE stack_resource DROP COLUMN retain;

-- Whoever looks at a thing finds the resource.
CREATE INDEX stack_resource_physical ON stack_resource (physical_id) WHERE physical_id IS NOT NULL;
