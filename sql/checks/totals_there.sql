-- A sheet whose layout knows a printed total of England, and no row of it is one: a file cut off
-- between two rows looks whole otherwise, and nothing in it can be held against a control sum.
WITH printed AS (
    SELECT
        file_id,
        sheet,
        level,
        count(*) FILTER (WHERE fate = 'loaded') AS loaded,
        max(row) AS last_row
    FROM record_read
    GROUP BY file_id, sheet, level
),

asked AS (
    SELECT DISTINCT
        file_id,
        sheet,
        level
    FROM staged_total
    WHERE level = 'england' AND adds_up
)

SELECT
    f.name AS file,
    a.sheet,
    max(p.last_row) AS row,
    '' AS "column",
    '' AS value,
    '' AS organisation,
    '' AS period,
    'the total of ' || a.level || ' that this layout prints is not there, and the sheet ends with row '
    || max(p.last_row) || ': was it cut off?' AS message
FROM asked AS a
INNER JOIN staged_file AS f ON a.file_id = f.file_id
INNER JOIN printed AS p ON a.file_id = p.file_id AND a.sheet = p.sheet
GROUP BY f.name, a.sheet, a.level
HAVING sum(p.loaded) > 0 AND count(*) FILTER (WHERE p.level = a.level) = 0
ORDER BY ALL
