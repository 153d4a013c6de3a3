-- Whose port was taken down or up since a reconciler has looked: rows name servers, and go when their
-- guests are as the ports are.
CREATE TABLE cable_due (
    position INTEGER PRIMARY KEY,
    server   TEXT NOT NULL
) STRICT;

CREATE TRIGGER cable_due_port_changed AFTER UPDATE OF admin_state_up ON port
WHEN OLD.admin_state_up <> NEW.admin_state_up AND NEW.device_owner LIKE 'compute:%'
BEGIN
    INSERT INTO cable_due (server) VALUES (NEW.device_id);
END;
