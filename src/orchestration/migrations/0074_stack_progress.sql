-- A visit asks how far the others are: whether one waits, whether one is under way.
CREATE INDEX stack_resource_progress ON stack_resource (stack_id, progress);
