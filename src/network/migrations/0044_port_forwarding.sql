-- Ports of a floating IP that lead to ports of guests.

CREATE TABLE port_forwarding (
    id             TEXT PRIMARY KEY,
    floating_ip    TEXT NOT NULL REFERENCES floating_ip (id),
    description    TEXT NOT NULL,
    protocol       TEXT NOT NULL,
    external_first INTEGER NOT NULL,
    external_last  INTEGER NOT NULL,
    -- The port of the guest, one of its addresses, and what leads there.
    port           TEXT NOT NULL REFERENCES port (id),
    address        TEXT NOT NULL,
    internal_first INTEGER NOT NULL,
    internal_last  INTEGER NOT NULL,
    revision       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX port_forwarding_by_floating_ip ON port_forwarding (floating_ip);
CREATE INDEX port_forwarding_by_port ON port_forwarding (port);
