INSERT INTO field
SELECT
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
    c.cells,
    r.fate,
    r.reason
FROM record_fate AS r
INNER JOIN staged_record AS c ON r.file_id = c.file_id AND r.sheet = c.sheet AND r.row = c.row
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
INNER JOIN staged_field AS d
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
INNER JOIN staged_field AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position AND v.item = d.item
INNER JOIN held_back AS h
    ON v.file_id = h.file_id AND v.organisation = h.organisation AND v.period = h.period
UNION ALL
SELECT
    r.file_id,
    r.sheet,
    r.row,
    '' AS heading,
    array_to_string(list_slice(c.cells, 1, 4), ' | ') AS value,
    coalesce(k.organisation, '') AS organisation,
    coalesce(p.period, '') AS period,
    r.reason
FROM record_fate AS r
INNER JOIN staged_record AS c ON r.file_id = c.file_id AND r.sheet = c.sheet AND r.row = c.row
INNER JOIN record_key AS k ON r.file_id = k.file_id AND r.sheet = k.sheet AND r.row = k.row
LEFT JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
WHERE r.fate = 'rejected';
