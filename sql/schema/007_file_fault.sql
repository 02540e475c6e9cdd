-- Version 7: every row that a check found wrong in a file, whatever its outcome, so that a file
-- not read again still names them all.
CREATE TABLE file_fault (
    file_id INTEGER NOT NULL,
    "check" VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    row BIGINT,
    "column" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    expected VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    todo VARCHAR NOT NULL,
    exception VARCHAR NOT NULL
);

UPDATE meta SET schema_version = 7;
