-- Address groups: named sets of ranges, which rules of security groups name.
CREATE TABLE address_group (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    addresses   TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX address_group_by_project ON address_group (project);

ALTER TABLE security_group_rule ADD COLUMN remote_address_group TEXT REFERENCES address_group (id);
CREATE INDEX security_group_rule_by_address_group ON security_group_rule (remote_address_group)
    WHERE remote_address_group IS NOT NULL;

-- Whoever names the group in a rule lets other addresses through from now on.
CREATE TRIGGER filter_due_addresses_changed AFTER UPDATE OF addresses ON address_group
WHEN OLD.addresses <> NEW.addresses
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT DISTINCT 'group', security_group FROM security_group_rule
        WHERE remote_address_group = NEW.id;
END;
