-- Stacks that are the thing of a resource of another stack.

ALTER TABLE stack ADD COLUMN parent_id TEXT REFERENCES stack (id);
ALTER TABLE stack ADD COLUMN parent_resource TEXT;      -- the name of the resource there

CREATE INDEX stack_parent ON stack (parent_id) WHERE parent_id IS NOT NULL;
