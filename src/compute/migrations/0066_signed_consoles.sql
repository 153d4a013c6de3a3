-- The tokens of remote consoles say by themselves what they lead to: only the key is kept that signs them, and the
-- hashes of those that were used, until they are too old.
CREATE TABLE console_key (
    key BLOB NOT NULL                           -- 32 random bytes, the installation's own
) STRICT;

INSERT INTO console_key (key) VALUES (randomblob(32));

DROP TABLE console_token;

CREATE TABLE used_console_token (
    token_hash TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_console_token_expires_at ON used_console_token (expires_at);
