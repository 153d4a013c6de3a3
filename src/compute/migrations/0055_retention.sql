-- Deleted servers by age, for those that are to be forgotten.
CREATE INDEX server_deleted ON server (deleted_at) WHERE deleted_at IS NOT NULL;
