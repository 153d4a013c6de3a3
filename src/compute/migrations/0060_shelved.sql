-- What a shelved server is kept as, and since when: JSON, see `Shelved` in servers/model.rs.
ALTER TABLE server ADD COLUMN shelved TEXT;
-- Since when a server has been SOFT_DELETED.
ALTER TABLE server ADD COLUMN soft_deleted_at INTEGER;
