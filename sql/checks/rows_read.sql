-- Rows that cannot be read: no organisation, no period, cut short or too wide.
SELECT
    f.name AS file,
    r.sheet,
    r.row,
    '' AS "column",
    array_to_string(list_slice(r.cells, 1, 4), ' | ') AS value,
    '' AS organisation,
    '' AS period,
    r.reason AS message,
    c.read AS total
FROM record_read AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
INNER JOIN file_count AS c ON r.file_id = c.file_id
WHERE r.fate = 'rejected'
ORDER BY ALL
