INSERT INTO field
SELECT DISTINCT
    d.file_id,
    d.sheet,
    d.position,
    d.heading,
    d.item
FROM staged_field AS d;

INSERT INTO record
SELECT
    r.file_id,
    r.sheet,
    r.row,
    r.cells,
    r.fate,
    r.reason
FROM record_read AS r
WHERE r.fate <> 'loaded' AND r.reason NOT IN ('blank', 'other sheet', 'title');

-- Figures of a file held back as a whole are in the file, and not kept here one by one.
INSERT INTO quarantine
SELECT
    n.file_id,
    n.sheet,
    n.row,
    n.heading,
    n.value,
    n.organisation,
    n.period,
    n.reason
FROM not_good AS n
WHERE n.kind <> 'file';
