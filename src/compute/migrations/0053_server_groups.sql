-- Groups of servers that want to be together, or apart.
CREATE TABLE server_group (
    row                 INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT NOT NULL UNIQUE,
    project_id          TEXT NOT NULL,
    user_id             TEXT NOT NULL,
    name                TEXT NOT NULL,
    policy              TEXT NOT NULL,
    max_server_per_host INTEGER
) STRICT;
CREATE INDEX server_group_project ON server_group (project_id, row);

-- Who is in a group. Deleted servers keep their row and are not shown.
CREATE TABLE server_group_member (
    group_id  TEXT NOT NULL REFERENCES server_group (id) ON DELETE CASCADE,
    server_id TEXT NOT NULL,
    PRIMARY KEY (group_id, server_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX server_group_member_server ON server_group_member (server_id);
