-- Everything that is not good: cells and rows rejected on reading, figures held back with
-- their organisation's month, and those held back with their whole file alone.
CREATE OR REPLACE TEMP TABLE not_good AS
WITH held AS (
    SELECT
        v.*,
        CASE WHEN b.file_id IS NULL THEN 'file' ELSE 'month' END AS kind
    FROM staged_value AS v
    LEFT JOIN held_back AS b
        ON v.file_id = b.file_id AND v.organisation = b.organisation AND v.period = b.period
    LEFT JOIN held_file AS f ON v.file_id = f.file_id
    WHERE b.file_id IS NOT NULL OR f.file_id IS NOT NULL
)

SELECT
    'cell' AS kind,
    g.file_id,
    g.sheet,
    g.row,
    d.heading,
    g.text AS value,
    g.organisation,
    g.period,
    g.status,
    'a figure was expected' AS reason
FROM figure AS g
INNER JOIN column_heading AS d
    ON g.file_id = d.file_id AND g.sheet = d.sheet AND g.position = d.position
WHERE g.loaded AND g.status = 'rejected'
UNION ALL
SELECT
    v.kind,
    v.file_id,
    v.sheet,
    v.row,
    d.heading,
    coalesce(regexp_replace(CAST(v.value AS VARCHAR), '[.]0$', ''), '') AS value,
    v.organisation,
    v.period,
    v.status,
    'held back by the gate' AS reason
FROM held AS v
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
UNION ALL
SELECT
    'row' AS kind,
    r.file_id,
    r.sheet,
    r.row,
    '' AS heading,
    array_to_string(list_slice(r.cells, 1, 4), ' | ') AS value,
    coalesce(r.organisation, '') AS organisation,
    coalesce(r.period, '') AS period,
    'rejected' AS status,
    r.reason
FROM record_read AS r
WHERE r.fate = 'rejected';
