-- A domain is a project that acts as one (as in Keystone), so names and parents live in one table.
CREATE TABLE project (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    domain_id   TEXT REFERENCES project (id) ON DELETE CASCADE,
    parent_id   TEXT REFERENCES project (id),
    is_domain   INTEGER NOT NULL,
    description TEXT,
    enabled     INTEGER NOT NULL,
    tags        TEXT NOT NULL,
    options     TEXT NOT NULL,
    extra       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX project_name ON project (coalesce(domain_id, ''), name);
CREATE INDEX project_parent ON project (parent_id);

CREATE TABLE user (
    id                 TEXT PRIMARY KEY,
    name               TEXT NOT NULL,
    domain_id          TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    enabled            INTEGER NOT NULL,
    default_project_id TEXT,
    password_hash      TEXT,
    options            TEXT NOT NULL,
    extra              TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_name ON user (domain_id, name);

CREATE TABLE role (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    domain_id   TEXT REFERENCES project (id) ON DELETE CASCADE,
    description TEXT,
    options     TEXT NOT NULL,
    extra       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX role_name ON role (coalesce(domain_id, ''), name);

CREATE TABLE implied_role (
    prior_role_id   TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    implied_role_id TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    PRIMARY KEY (prior_role_id, implied_role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX implied_role_implied ON implied_role (implied_role_id);

-- scope: project, domain or system; target_id is null for the system.
CREATE TABLE role_assignment (
    user_id   TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    scope     TEXT NOT NULL,
    target_id TEXT REFERENCES project (id) ON DELETE CASCADE,
    role_id   TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    inherited INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX role_assignment_one
    ON role_assignment (user_id, scope, coalesce(target_id, ''), role_id, inherited);
CREATE INDEX role_assignment_target ON role_assignment (target_id);
CREATE INDEX role_assignment_role ON role_assignment (role_id);

CREATE TABLE catalog_region (
    id               TEXT PRIMARY KEY,
    description      TEXT NOT NULL,
    parent_region_id TEXT REFERENCES catalog_region (id),
    extra            TEXT NOT NULL
) STRICT;

CREATE TABLE catalog_service (
    id      TEXT PRIMARY KEY,
    type    TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    extra   TEXT NOT NULL
) STRICT;

-- url: absolute, or a path below the public URL of this installation.
CREATE TABLE catalog_endpoint (
    id         TEXT PRIMARY KEY,
    interface  TEXT NOT NULL,
    region_id  TEXT REFERENCES catalog_region (id),
    service_id TEXT NOT NULL REFERENCES catalog_service (id) ON DELETE CASCADE,
    url        TEXT NOT NULL,
    enabled    INTEGER NOT NULL,
    extra      TEXT NOT NULL
) STRICT;
CREATE INDEX catalog_endpoint_service ON catalog_endpoint (service_id);

CREATE TABLE application_credential (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    user_id      TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    project_id   TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    secret_hash  TEXT NOT NULL,
    description  TEXT,
    expires_at   INTEGER,
    unrestricted INTEGER
) STRICT;
CREATE UNIQUE INDEX application_credential_name ON application_credential (user_id, name);

CREATE TABLE application_credential_role (
    credential_id TEXT NOT NULL REFERENCES application_credential (id) ON DELETE CASCADE,
    role_id       TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    PRIMARY KEY (credential_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_credential_role_role ON application_credential_role (role_id);

-- A token is revoked when every column that is set matches it and it is not younger.
CREATE TABLE revocation_event (
    id             INTEGER PRIMARY KEY,
    audit_id       TEXT,
    audit_chain_id TEXT,
    user_id        TEXT,
    project_id     TEXT,
    domain_id      TEXT,
    issued_before  INTEGER NOT NULL
) STRICT;
CREATE INDEX revocation_event_age ON revocation_event (issued_before);
