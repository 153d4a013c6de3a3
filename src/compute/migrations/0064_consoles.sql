-- The tokens in the addresses of remote consoles, hashed. A row goes when its token is used or too old.
CREATE TABLE console_token (
    token_hash TEXT PRIMARY KEY,
    server_id  TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX console_token_expires_at ON console_token (expires_at);
CREATE INDEX console_token_server_id ON console_token (server_id);
