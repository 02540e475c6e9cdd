-- Cells of loaded rows that carry an item, as counted on reading, beside what became of them.
-- A cell of a further row for the same key is `repeated`: the first row stands, or they add up.
-- `unkept` are organisations' months whose figure or status went missing on the way.
WITH day_cell AS (
    SELECT
        g.*,
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period, day, item ORDER BY sheet, row, position
        ) AS time
    FROM figure AS g
    WHERE g.loaded AND g.grain = 'day'
),

became AS (
    SELECT
        file_id,
        status
    FROM day_cell
    WHERE time = 1
    UNION ALL
    SELECT
        v.file_id,
        v.status
    FROM staged_value AS v
    INNER JOIN staged_file AS f ON v.file_id = f.file_id
    WHERE f.grain = 'month'
),

fate AS (
    SELECT
        file_id,
        count(*) FILTER (WHERE status = 'reported') AS figures,
        count(*) FILTER (WHERE status NOT IN ('reported', 'rejected')) AS missing,
        count(*) FILTER (WHERE status = 'rejected') AS rejected
    FROM became
    GROUP BY file_id
),

again AS (
    SELECT
        file_id,
        CAST(sum(times - 1) AS BIGINT) AS repeated
    FROM said_twice
    GROUP BY file_id
),

counted AS (
    SELECT
        r.file_id,
        CAST(sum(c.cells) AS BIGINT) AS cells
    FROM record_read AS r
    INNER JOIN staged_cell AS c
        ON r.file_id = c.file_id AND r.sheet = c.sheet AND r.split_text = c.split_text
    WHERE r.fate = 'loaded'
    GROUP BY r.file_id
),

keys AS (
    SELECT
        g.file_id,
        count(*) - coalesce(min(a.repeated), 0) AS keys
    FROM figure AS g
    LEFT JOIN again AS a ON g.file_id = a.file_id
    WHERE g.loaded AND g.grain = 'month'
    GROUP BY g.file_id
    UNION ALL
    SELECT
        file_id,
        count(*) AS keys
    FROM (SELECT DISTINCT file_id, role, organisation, period, item FROM day_cell) AS k
    GROUP BY file_id
),

kept AS (
    SELECT
        file_id,
        count(*) AS kept
    FROM staged_value
    GROUP BY file_id
)

SELECT
    s.file_id,
    coalesce(c.cells, 0) AS cells,
    coalesce(f.figures, 0) AS figures,
    coalesce(f.missing, 0) AS missing,
    coalesce(f.rejected, 0) AS rejected,
    coalesce(a.repeated, 0) AS repeated,
    coalesce(k.keys, 0) - coalesce(v.kept, 0) AS unkept
FROM staged_file AS s
LEFT JOIN counted AS c ON s.file_id = c.file_id
LEFT JOIN fate AS f ON s.file_id = f.file_id
LEFT JOIN again AS a ON s.file_id = a.file_id
LEFT JOIN keys AS k ON s.file_id = k.file_id
LEFT JOIN kept AS v ON s.file_id = v.file_id
