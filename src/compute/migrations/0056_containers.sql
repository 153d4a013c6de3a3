-- What a server has beyond image and flavor when it is a plain container and no machine: JSON, see
-- servers/container.rs.
ALTER TABLE server ADD COLUMN container TEXT;
CREATE INDEX server_container ON server (id) WHERE container IS NOT NULL AND deleted_at IS NULL;
