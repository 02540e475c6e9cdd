-- Cells of loaded rows that carry an item, as counted on reading, beside what became of them.
-- A cell of a second row for the same key is `repeated`: the first row stands. `unkept` are
-- organisations' months whose figure or status went missing on the way.
WITH told AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY file_id, role, organisation, period, day, item ORDER BY sheet, row, position
        ) AS time
    FROM figure
    WHERE loaded
),

became AS (
    SELECT
        file_id,
        status
    FROM told
    WHERE grain = 'day' AND time = 1
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
        count(*) AS repeated
    FROM told
    WHERE time > 1
    GROUP BY file_id
),

counted AS (
    SELECT
        c.file_id,
        CAST(sum(c.cells) AS BIGINT) AS cells
    FROM staged_cell AS c
    INNER JOIN record_fate AS r ON c.file_id = r.file_id AND c.sheet = r.sheet AND c.row = r.row
    WHERE r.fate = 'loaded'
    GROUP BY c.file_id
),

keys AS (
    SELECT
        file_id,
        count(*) AS keys
    FROM (SELECT DISTINCT file_id, role, organisation, period, item FROM told) AS k
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
