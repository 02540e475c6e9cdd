-- Figures a file prints for a whole: TOTAL rows, and tables kept to reconcile with.
-- A TOTAL row may carry no period of its own; then it is that of a one-period file.
WITH only_period AS (
    SELECT
        file_id,
        min(period) AS period
    FROM staged_reading
    WHERE period IS NOT NULL
    GROUP BY file_id
    HAVING count(DISTINCT period) = 1
)

SELECT
    g.file_id,
    g.sheet,
    g.row,
    d.heading,
    g.item,
    g.role,
    g.value,
    g.organisation,
    k.name,
    k.level,
    coalesce(g.period, o.period) AS period
FROM figure AS g
INNER JOIN record_read AS k ON g.file_id = k.file_id AND g.sheet = k.sheet AND g.row = k.row
INNER JOIN column_heading AS d
    ON g.file_id = d.file_id AND g.sheet = d.sheet AND g.position = d.position
LEFT JOIN only_period AS o ON g.file_id = o.file_id
WHERE
    NOT g.loaded
    AND (k.is_total OR k.use = 'reconcile')
    AND k.adds_up
    AND g.status = 'reported'
