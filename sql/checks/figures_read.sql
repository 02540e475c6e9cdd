-- Cells that should hold a figure, or a marker the publisher uses, and hold neither.
SELECT
    f.name AS file,
    g.sheet,
    g.row,
    d.heading AS "column",
    g.text AS value,
    g.organisation,
    g.period,
    'a figure was expected' AS message,
    g.item AS about,
    c.cells AS total
FROM figure AS g
INNER JOIN staged_file AS f ON g.file_id = f.file_id
INNER JOIN file_cell AS c ON g.file_id = c.file_id
INNER JOIN column_heading AS d
    ON g.file_id = d.file_id AND g.sheet = d.sheet AND g.position = d.position
WHERE g.loaded AND g.status = 'rejected'
ORDER BY ALL
