-- Limits that somebody set. A resource without a row has the default of the settings. The owner
-- of a limit of a user is `<project>/<user>`.
CREATE TABLE quota_limit (
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('project', 'user', 'class')),
    owner      TEXT NOT NULL,
    resource   TEXT NOT NULL,
    maximum    INTEGER NOT NULL,
    PRIMARY KEY (owner_kind, owner, resource)
) STRICT, WITHOUT ROWID;
