-- A page by name, or of one state, costs what the page does, however many servers a project has.
CREATE INDEX server_name ON server (project_id, name, created_at, number) WHERE deleted_at IS NULL;
CREATE INDEX server_state ON server (project_id, vm_state, created_at, number) WHERE deleted_at IS NULL;
