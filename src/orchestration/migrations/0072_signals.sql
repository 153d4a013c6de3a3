-- What proves that a signal comes from whom a stack has told how. SQLite's generator is ChaCha20,
-- seeded by the system.

CREATE TABLE signal_key (
    key BLOB NOT NULL                           -- 32 random bytes, the installation's own
) STRICT;

INSERT INTO signal_key (key) VALUES (randomblob(32));
