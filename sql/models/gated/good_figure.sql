-- A row for every figure that may go on, among those that may be shown. A rejected cell is no
-- figure: it is told among what may not.
SELECT
    f.name AS file,
    v.sheet,
    v.row,
    d.heading AS "column",
    v.layout,
    v.role,
    v.organisation,
    v.period,
    v.item,
    v.value,
    v.status
FROM staged_good AS v
INNER JOIN staged_file AS f ON v.file_id = f.file_id
INNER JOIN column_heading AS d
    ON v.file_id = d.file_id AND v.sheet = d.sheet AND v.position = d.position
CROSS JOIN audience AS a
WHERE v.status <> 'rejected' AND (a.everything OR f.shown_from <= a.day)
