CREATE TABLE user_group (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    domain_id   TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    description TEXT,
    extra       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_group_name ON user_group (domain_id, name);

CREATE TABLE user_group_member (
    group_id TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_group_member_user ON user_group_member (user_id);

-- A role is a user's or a group's. scope: project, domain or system; target_id is null for the system.
CREATE TABLE role_assignment_of_either (
    user_id   TEXT REFERENCES user (id) ON DELETE CASCADE,
    group_id  TEXT REFERENCES user_group (id) ON DELETE CASCADE,
    scope     TEXT NOT NULL,
    target_id TEXT REFERENCES project (id) ON DELETE CASCADE,
    role_id   TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    inherited INTEGER NOT NULL,
    CHECK ((user_id IS NULL) <> (group_id IS NULL))
) STRICT;
INSERT INTO role_assignment_of_either (user_id, scope, target_id, role_id, inherited)
    SELECT user_id, scope, target_id, role_id, inherited FROM role_assignment ORDER BY rowid;
DROP TABLE role_assignment;
ALTER TABLE role_assignment_of_either RENAME TO role_assignment;
CREATE UNIQUE INDEX role_assignment_one ON role_assignment (
    coalesce(user_id, ''), coalesce(group_id, ''), scope, coalesce(target_id, ''), role_id, inherited
);
CREATE INDEX role_assignment_user ON role_assignment (user_id);
CREATE INDEX role_assignment_group ON role_assignment (group_id);
CREATE INDEX role_assignment_target ON role_assignment (target_id);
CREATE INDEX role_assignment_role ON role_assignment (role_id);

-- blob: sealed with a key that is not in here. Keystone asks neither user nor project to exist.
CREATE TABLE credential (
    id         TEXT PRIMARY KEY,
    type       TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    project_id TEXT,
    blob       BLOB NOT NULL,
    extra      TEXT NOT NULL
) STRICT;
CREATE INDEX credential_user ON credential (user_id);
CREATE INDEX credential_project ON credential (project_id);
CREATE TRIGGER credential_of_user AFTER DELETE ON user
    BEGIN DELETE FROM credential WHERE user_id = OLD.id; END;
CREATE TRIGGER credential_of_project AFTER DELETE ON project
    BEGIN DELETE FROM credential WHERE project_id = OLD.id; END;
