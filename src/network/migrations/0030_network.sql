-- Networks, subnets, ports and security groups. Neutron forgets what is deleted, so rows go too.
-- Booleans are 0 and 1; addresses are text in their canonical form; lists are JSON.

CREATE TABLE network (
    id             TEXT PRIMARY KEY,
    project        TEXT NOT NULL,
    name           TEXT NOT NULL,
    description    TEXT NOT NULL,
    admin_state_up INTEGER NOT NULL,
    shared         INTEGER NOT NULL,
    external       INTEGER NOT NULL,
    mtu            INTEGER NOT NULL,
    tags           TEXT NOT NULL DEFAULT '[]',
    revision       INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX network_by_project ON network (project);

CREATE TABLE subnet (
    id                TEXT PRIMARY KEY,
    project           TEXT NOT NULL,
    network           TEXT NOT NULL REFERENCES network (id) ON DELETE CASCADE,
    name              TEXT NOT NULL,
    description       TEXT NOT NULL,
    cidr              TEXT NOT NULL,
    gateway_ip        TEXT,
    enable_dhcp       INTEGER NOT NULL,
    allocation_pools  TEXT NOT NULL,
    dns_nameservers   TEXT NOT NULL,
    host_routes       TEXT NOT NULL,
    ipv6_ra_mode      TEXT,
    ipv6_address_mode TEXT,
    tags              TEXT NOT NULL DEFAULT '[]',
    revision          INTEGER NOT NULL DEFAULT 0,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX subnet_by_network ON subnet (network);
CREATE INDEX subnet_by_project ON subnet (project);

CREATE TABLE port (
    id              TEXT PRIMARY KEY,
    project         TEXT NOT NULL,
    network         TEXT NOT NULL REFERENCES network (id),
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    mac             TEXT NOT NULL,
    admin_state_up  INTEGER NOT NULL,
    status          TEXT NOT NULL,
    device_id       TEXT NOT NULL,
    device_owner    TEXT NOT NULL,
    host            TEXT NOT NULL,
    vnic_type       TEXT NOT NULL,
    profile         TEXT NOT NULL,
    -- Made for a server and deleted with it; a port that somebody brought is only unbound.
    made_by_compute INTEGER NOT NULL DEFAULT 0,
    -- Which interface of its server, from 0.
    nic             INTEGER NOT NULL DEFAULT 0,
    -- The server's name for this interface (Nova's device tag).
    device_tag      TEXT,
    tags            TEXT NOT NULL DEFAULT '[]',
    revision        INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX port_mac ON port (mac);
CREATE INDEX port_by_project ON port (project);
CREATE INDEX port_by_network ON port (network);
CREATE INDEX port_by_device ON port (device_id) WHERE device_id <> '';

CREATE TABLE port_address (
    port     TEXT NOT NULL REFERENCES port (id) ON DELETE CASCADE,
    subnet   TEXT NOT NULL REFERENCES subnet (id),
    address  TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (subnet, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX port_address_by_port ON port_address (port);
CREATE INDEX port_address_by_address ON port_address (address);

CREATE TABLE security_group (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    stateful    INTEGER NOT NULL,
    is_default  INTEGER NOT NULL,
    tags        TEXT NOT NULL DEFAULT '[]',
    revision    INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX security_group_by_project ON security_group (project);
CREATE UNIQUE INDEX security_group_default ON security_group (project) WHERE is_default;

CREATE TABLE security_group_rule (
    id               TEXT PRIMARY KEY,
    project          TEXT NOT NULL,
    security_group   TEXT NOT NULL REFERENCES security_group (id) ON DELETE CASCADE,
    direction        TEXT NOT NULL,
    ethertype        TEXT NOT NULL,
    protocol         TEXT,
    port_range_min   INTEGER,
    port_range_max   INTEGER,
    remote_ip_prefix TEXT,
    remote_group     TEXT REFERENCES security_group (id) ON DELETE CASCADE,
    description      TEXT,
    revision         INTEGER NOT NULL DEFAULT 0,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX security_group_rule_by_group ON security_group_rule (security_group);
CREATE INDEX security_group_rule_by_remote ON security_group_rule (remote_group);
CREATE INDEX security_group_rule_by_project ON security_group_rule (project);

CREATE TABLE port_security_group (
    port           TEXT NOT NULL REFERENCES port (id) ON DELETE CASCADE,
    security_group TEXT NOT NULL REFERENCES security_group (id),
    PRIMARY KEY (port, security_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX port_security_group_by_group ON port_security_group (security_group);

-- The networks that the first start makes. Noted here, so that one that was deleted stays away.
CREATE TABLE network_bootstrap (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
