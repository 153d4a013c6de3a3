-- What made a resource goes on knowing it, whatever the registry says of its type later.
ALTER TABLE stack_resource ADD COLUMN made_by TEXT;
