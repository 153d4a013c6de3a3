-- A floating IP is an interface of the guest that it leads to, filtered as the port there.
CREATE TRIGGER filter_due_floating_ip_made AFTER INSERT ON floating_ip
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = NEW.port AND subject = 'server';
END;

CREATE TRIGGER filter_due_floating_ip_moved AFTER UPDATE OF port ON floating_ip
WHEN OLD.port IS NOT NEW.port
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach
        WHERE port IN (OLD.port, NEW.port) AND subject = 'server';
END;

CREATE TRIGGER filter_due_floating_ip_deleted AFTER DELETE ON floating_ip
BEGIN
    INSERT INTO filter_due (subject, id)
        SELECT subject, id FROM filter_reach WHERE port = OLD.port AND subject = 'server';
END;
