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

INSERT INTO quarantine
SELECT
    g.file_id,
    g.sheet,
    g.row,
    d.heading,
    g.text,
    g.organisation,
    g.period,
    'a figure was expected' AS reason
FROM figure AS g
INNER JOIN column_heading AS d
    ON g.file_id = d.file_id AND g.sheet = d.sheet AND g.position = d.position
WHERE g.loaded AND g.status = 'rejected'
UNION ALL
SELECT
    v.file_id,
    v.sheet,
    v.row,
    v.item AS heading,
    coalesce(CAST(v.value AS VARCHAR), '') AS value,
    v.organisation,
    v.period,
    'held back by the gate' AS reason
FROM staged_value AS v
INNER JOIN held_back AS h
    ON v.file_id = h.file_id AND v.organisation = h.organisation AND v.period = h.period;
