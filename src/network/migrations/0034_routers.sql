-- Routers and floating IPs. The interfaces of a router are ports whose device it is.

CREATE TABLE router (
    id             TEXT PRIMARY KEY,
    project        TEXT NOT NULL,
    name           TEXT NOT NULL,
    description    TEXT NOT NULL,
    admin_state_up INTEGER NOT NULL,
    -- Its port on an external network.
    gateway_port   TEXT REFERENCES port (id),
    enable_snat    INTEGER NOT NULL,
    tags           TEXT NOT NULL DEFAULT '[]',
    revision       INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX router_by_project ON router (project);
CREATE INDEX router_by_gateway ON router (gateway_port);

CREATE TABLE floating_ip (
    id            TEXT PRIMARY KEY,
    project       TEXT NOT NULL,
    description   TEXT NOT NULL,
    network       TEXT NOT NULL REFERENCES network (id),
    -- The port that holds the address on the external network.
    own_port      TEXT NOT NULL REFERENCES port (id),
    address       TEXT NOT NULL,
    -- The port it leads to, the address there and the router between; all or none.
    port          TEXT REFERENCES port (id),
    fixed_address TEXT,
    router        TEXT REFERENCES router (id),
    status        TEXT NOT NULL,
    tags          TEXT NOT NULL DEFAULT '[]',
    revision      INTEGER NOT NULL DEFAULT 1,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX floating_ip_by_project ON floating_ip (project);
CREATE INDEX floating_ip_by_router ON floating_ip (router);
CREATE INDEX floating_ip_by_own_port ON floating_ip (own_port);
CREATE UNIQUE INDEX floating_ip_by_target ON floating_ip (port, fixed_address, network)
    WHERE port IS NOT NULL;
