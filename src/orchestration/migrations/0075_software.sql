-- Software configs, and what is to be done with them on servers.

CREATE TABLE software_config (
    number     INTEGER PRIMARY KEY,             -- order of creation
    id         TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,                   -- the group: which tool it is for
    config     TEXT NOT NULL,                   -- JSON: a text, or what a tool reads
    inputs     TEXT NOT NULL,                   -- JSON
    outputs    TEXT NOT NULL,                   -- JSON
    options    TEXT NOT NULL,                   -- JSON
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX software_config_project ON software_config (project_id, number);

CREATE TABLE software_deployment (
    number        INTEGER PRIMARY KEY,          -- order of creation
    id            TEXT NOT NULL UNIQUE,
    project_id    TEXT NOT NULL,
    user_id       TEXT NOT NULL,                -- who asked
    server_id     TEXT NOT NULL,                -- maybe none of ours
    config_id     TEXT NOT NULL REFERENCES software_config (id),
    run           INTEGER NOT NULL,             -- how often it was set in motion
    input_values  TEXT NOT NULL,                -- JSON
    output_values TEXT NOT NULL,                -- JSON
    action        TEXT,
    status        TEXT,
    status_reason TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER
) STRICT;

CREATE INDEX software_deployment_server ON software_deployment (project_id, server_id);
CREATE INDEX software_deployment_config ON software_deployment (config_id);
