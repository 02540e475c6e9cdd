-- Files that hold figures which nobody outside may see yet, whatever this run may show.
SELECT
    f.name AS file,
    f.layout,
    s.shown_from,
    s.period
FROM submission AS s
INNER JOIN file AS f ON s.file_id = f.file_id
CROSS JOIN audience AS a
SEMI JOIN data_item_value AS v ON s.submission_id = v.submission_id AND v.known_to IS NULL
WHERE s.shown_from > a.day
