-- Version 3: accounts. ``manifest`` is written in the transaction that publishes, so that an
-- opened database can be held against what it said of itself; the mark tells this database
-- from another of the same name. Cells of files read before were not counted: null.
CREATE TABLE manifest (
    run_id INTEGER NOT NULL,
    ledger VARCHAR NOT NULL,
    rows BIGINT NOT NULL
);

CREATE TABLE database_mark (mark VARCHAR NOT NULL);
INSERT INTO database_mark VALUES (CAST(uuid() AS VARCHAR));

ALTER TABLE file ADD COLUMN cells BIGINT DEFAULT NULL;
ALTER TABLE file ADD COLUMN cells_figures BIGINT DEFAULT NULL;
ALTER TABLE file ADD COLUMN cells_missing BIGINT DEFAULT NULL;
ALTER TABLE file ADD COLUMN cells_rejected BIGINT DEFAULT NULL;
ALTER TABLE file ADD COLUMN cells_repeated BIGINT DEFAULT NULL;

-- From this version on, quarantine also names rows that were rejected as a whole.
UPDATE meta SET schema_version = 3;
