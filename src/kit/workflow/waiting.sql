-- What an operation waits for; it is let go until something on that target ends or wakes it.
ALTER TABLE operation ADD COLUMN waits_for TEXT;

CREATE INDEX operation_waiting ON operation (waits_for) WHERE waits_for IS NOT NULL;
