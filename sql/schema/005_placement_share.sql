-- Version 5: what share of a body belongs to the parent that a file places it under; a body
-- placed before was placed whole.
ALTER TABLE placement ADD COLUMN share DOUBLE DEFAULT 1.0;

UPDATE meta SET schema_version = 5;
