-- Version 2: the definitions each run was made with, so that a run can be told from one
-- made with others. ``files`` is compressed JSON, file name → text, stored once a hash.
CREATE TABLE definition (hash VARCHAR NOT NULL, files BLOB NOT NULL);

ALTER TABLE run ADD COLUMN definitions_hash VARCHAR DEFAULT '';

UPDATE meta SET schema_version = 2;
