-- The password that a guest has given itself and encrypted for its owner, as the guest posted it.
CREATE TABLE server_password (
    server_id TEXT PRIMARY KEY REFERENCES server (id) ON DELETE CASCADE,
    password  TEXT NOT NULL
) STRICT;
