-- Images. A deleted row stays: its id is never given again.
CREATE TABLE image (
    id               TEXT PRIMARY KEY,
    name             TEXT,
    status           TEXT NOT NULL,
    visibility       TEXT NOT NULL,
    owner            TEXT,                       -- a project; NULL for images of the engine
    container_format TEXT,
    disk_format      TEXT,
    min_ram_mb       INTEGER NOT NULL,
    min_disk_gb      INTEGER NOT NULL,
    protected        INTEGER NOT NULL,
    hidden           INTEGER NOT NULL,
    size_bytes       INTEGER,
    virtual_size     INTEGER,
    checksum         TEXT,                       -- md5, hexadecimal
    hash             TEXT,                       -- sha512, hexadecimal
    properties       TEXT NOT NULL,              -- JSON object of texts
    tags             TEXT NOT NULL,              -- JSON array, sorted
    source           TEXT NOT NULL,              -- upload, snapshot, engine
    engine_id        TEXT,                       -- the engine's id; of snapshots and engine images
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    deleted_at       INTEGER
) STRICT;

CREATE INDEX image_living ON image (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX image_owner ON image (owner) WHERE deleted_at IS NULL;
CREATE INDEX image_source ON image (source) WHERE deleted_at IS NULL;

-- Projects that a shared image is offered to.
CREATE TABLE image_member (
    image      TEXT NOT NULL REFERENCES image (id),
    member     TEXT NOT NULL,                    -- a project
    status     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (image, member)
) STRICT, WITHOUT ROWID;

CREATE INDEX image_member_of ON image_member (member, image);

-- Checksums of data that is staged, until the import makes it the image's.
CREATE TABLE image_staged (
    image      TEXT PRIMARY KEY REFERENCES image (id),
    size_bytes INTEGER NOT NULL,
    checksum   TEXT NOT NULL,
    hash       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
