-- The account of each staged file: its rows, why some were set aside, its cells, its months.
WITH aside AS (
    SELECT
        file_id,
        reason,
        count(*) AS n
    FROM record_read
    WHERE fate = 'set aside'
    GROUP BY file_id, reason
),

told AS (
    SELECT
        file_id,
        string_agg(reason || ': ' || n, '; ' ORDER BY n DESC, reason) AS set_aside_why
    FROM aside
    GROUP BY file_id
),

month AS (
    SELECT
        file_id,
        string_agg(period, ',' ORDER BY period) AS periods
    FROM file_period
    GROUP BY file_id
)

SELECT
    s.file_id,
    coalesce(c.read, 0) AS read,
    coalesce(c.loaded, 0) AS loaded,
    coalesce(c.set_aside, 0) AS set_aside,
    coalesce(c.rejected, 0) AS rejected,
    coalesce(t.set_aside_why, '') AS set_aside_why,
    k.cells,
    k.figures AS cells_figures,
    k.missing AS cells_missing,
    k.rejected AS cells_rejected,
    k.repeated AS cells_repeated,
    coalesce(m.periods, '') AS periods
FROM staged_file AS s
INNER JOIN file_cell AS k ON s.file_id = k.file_id
LEFT JOIN file_count AS c ON s.file_id = c.file_id
LEFT JOIN told AS t ON s.file_id = t.file_id
LEFT JOIN month AS m ON s.file_id = m.file_id
