-- Port security, and what the filters of guests follow.
ALTER TABLE network ADD COLUMN port_security_enabled INTEGER NOT NULL DEFAULT 1;
ALTER TABLE port ADD COLUMN port_security_enabled INTEGER NOT NULL DEFAULT 1;

-- Whose filter a transaction has made out of date. A row only names what to look at; who looks
-- takes all rows up to the last one that it saw. `subject` says what `id` is: a `server`; a `group`
-- whose rules changed; the `members` of a group, which the rules of other groups name.
CREATE TABLE filter_due (
    position INTEGER PRIMARY KEY,
    subject  TEXT NOT NULL CHECK (subject IN ('server', 'group', 'members')),
    id       TEXT NOT NULL
) STRICT;

-- Where a port counts: on its server, and in its groups for those who name them.
CREATE VIEW filter_reach (port, subject, id) AS
    SELECT id, 'server', device_id FROM port WHERE device_owner LIKE 'compute:%'
    UNION ALL
    SELECT port, 'members', security_group FROM port_security_group
    WHERE EXISTS (SELECT 1 FROM security_group_rule r WHERE r.remote_group = security_group);

CREATE TRIGGER filter_due_port_changed
AFTER UPDATE OF mac, device_id, allowed_address_pairs, port_security_enabled ON port
WHEN OLD.mac <> NEW.mac OR OLD.device_id <> NEW.device_id
    OR OLD.allowed_address_pairs <> NEW.allowed_address_pairs
    OR OLD.port_security_enabled <> NEW.port_security_enabled
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = NEW.id;
    INSERT INTO filter_due (subject, id)
        SELECT 'server', OLD.device_id WHERE OLD.device_owner LIKE 'compute:%';
END;

CREATE TRIGGER filter_due_port_deleted BEFORE DELETE ON port
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = OLD.id;
END;

CREATE TRIGGER filter_due_address_given AFTER INSERT ON port_address
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = NEW.port;
END;

CREATE TRIGGER filter_due_address_taken AFTER DELETE ON port_address
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = OLD.port;
END;

CREATE TRIGGER filter_due_group_joined AFTER INSERT ON port_security_group
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = NEW.port;
END;

CREATE TRIGGER filter_due_group_left BEFORE DELETE ON port_security_group
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = OLD.port;
END;

CREATE TRIGGER filter_due_rule_added AFTER INSERT ON security_group_rule
BEGIN
    INSERT INTO filter_due (subject, id) VALUES ('group', NEW.security_group);
END;

CREATE TRIGGER filter_due_rule_deleted AFTER DELETE ON security_group_rule
BEGIN
    INSERT INTO filter_due (subject, id) VALUES ('group', OLD.security_group);
END;

CREATE TRIGGER filter_due_group_changed AFTER UPDATE OF stateful ON security_group
WHEN OLD.stateful <> NEW.stateful
BEGIN
    INSERT INTO filter_due (subject, id) VALUES ('group', NEW.id);
END;
