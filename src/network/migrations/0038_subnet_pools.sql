-- Subnet pools, address scopes, and who may use a thing of another project.

CREATE TABLE address_scope (
    id         TEXT PRIMARY KEY,
    project    TEXT NOT NULL,
    name       TEXT NOT NULL,
    ip_version INTEGER NOT NULL
) STRICT;
CREATE INDEX address_scope_by_project ON address_scope (project);

CREATE TABLE subnetpool (
    id                TEXT PRIMARY KEY,
    project           TEXT NOT NULL,
    name              TEXT NOT NULL,
    description       TEXT NOT NULL,
    ip_version        INTEGER NOT NULL,
    prefixes          TEXT NOT NULL,
    min_prefixlen     INTEGER NOT NULL,
    max_prefixlen     INTEGER NOT NULL,
    default_prefixlen INTEGER NOT NULL,
    default_quota     INTEGER,
    address_scope     TEXT REFERENCES address_scope (id),
    is_default        INTEGER NOT NULL,
    tags              TEXT NOT NULL DEFAULT '[]',
    revision          INTEGER NOT NULL DEFAULT 0,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX subnetpool_by_project ON subnetpool (project);
CREATE INDEX subnetpool_by_scope ON subnetpool (address_scope);
CREATE UNIQUE INDEX subnetpool_default ON subnetpool (ip_version) WHERE is_default;

ALTER TABLE subnet ADD COLUMN subnetpool TEXT REFERENCES subnetpool (id);
CREATE INDEX subnet_by_pool ON subnet (subnetpool) WHERE subnetpool IS NOT NULL;

-- That the project `target`, or everybody (`*`), may use the thing `object`.
CREATE TABLE rbac_policy (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object      TEXT NOT NULL,
    action      TEXT NOT NULL,
    target      TEXT NOT NULL,
    UNIQUE (object, action, target)
) STRICT;
CREATE INDEX rbac_policy_by_target ON rbac_policy (target);
