-- The journal: a row per durable operation, a row per step of it that has begun.
CREATE TABLE operation (
    number      INTEGER PRIMARY KEY,            -- order of submission
    id          TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,                  -- which workflow
    label       TEXT NOT NULL,                  -- the action as the API names it: create, reboot
    target      TEXT NOT NULL,                  -- what it works on: server:<id>, also the lock
    project_id  TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    params      TEXT NOT NULL,                  -- JSON
    state       TEXT NOT NULL,
    claimed     INTEGER NOT NULL DEFAULT 0,     -- a task of this process drives it
    cancel      INTEGER NOT NULL DEFAULT 0,     -- somebody waits behind it: unwind at the next step
    attempt     INTEGER NOT NULL DEFAULT 0,     -- failed attempts at the present step or undo
    not_before  INTEGER NOT NULL DEFAULT 0,     -- end of the back-off
    deadline    INTEGER,                        -- end of patience; set when it first starts
    message     TEXT,                           -- why it unwinds, for the client
    error       TEXT,                           -- why it unwinds, for the log
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    updated_at  INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

-- One operation at a time per target. A queued one waits, an ended one does not count.
CREATE UNIQUE INDEX operation_lock ON operation (target) WHERE state IN ('running', 'unwinding');
CREATE INDEX operation_target ON operation (target, number);
CREATE INDEX operation_claimable ON operation (project_id, not_before)
    WHERE claimed = 0 AND state IN ('running', 'unwinding');
CREATE INDEX operation_claimed ON operation (project_id) WHERE claimed = 1;
CREATE INDEX operation_stuck ON operation (number) WHERE state = 'stuck';

CREATE TABLE operation_step (
    operation_id TEXT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,              -- order of beginning
    name         TEXT NOT NULL,
    state        TEXT NOT NULL,
    output       TEXT,                          -- JSON: what the act returned
    error        TEXT,                          -- of the last attempt that failed
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    PRIMARY KEY (operation_id, position)
) STRICT, WITHOUT ROWID;
