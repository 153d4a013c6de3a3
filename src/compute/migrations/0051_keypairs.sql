-- Public keys of users. `row` is the integer id that the API shows.
CREATE TABLE keypair (
    row         INTEGER PRIMARY KEY AUTOINCREMENT,
    user        TEXT NOT NULL,
    name        TEXT NOT NULL,
    type        TEXT NOT NULL,
    public_key  TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (user, name)
) STRICT;
