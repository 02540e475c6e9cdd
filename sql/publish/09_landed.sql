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
    d.heading,
    coalesce(regexp_replace(CAST(v.value AS VARCHAR), '[.]0$', ''), '') AS value,
    v.organisation,
    v.period,
    'held back by the gate' AS reason
FROM staged_value AS v
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
INNER JOIN held_back AS h
    ON v.file_id = h.file_id AND v.organisation = h.organisation AND v.period = h.period
UNION ALL
SELECT
    r.file_id,
    r.sheet,
    r.row,
    '' AS heading,
    array_to_string(list_slice(r.cells, 1, 4), ' | ') AS value,
    coalesce(r.organisation, '') AS organisation,
    coalesce(r.period, '') AS period,
    r.reason
FROM record_read AS r
WHERE r.fate = 'rejected';
