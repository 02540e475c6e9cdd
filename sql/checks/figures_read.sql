-- Cells that should hold a figure, or a marker the publisher uses, and hold neither.
SELECT
    f.name AS file,
    g.sheet,
    g.row,
    g.heading AS "column",
    g.text AS value,
    g.organisation,
    g.period,
    'a figure was expected' AS message
FROM figure_loaded AS g
INNER JOIN staged_file AS f ON g.file_id = f.file_id
WHERE g.status = 'rejected'
ORDER BY ALL
