-- A row for everything that may not go on, with the check that stands against it: the one
-- that names its cell, else the gravest of its month, else of its file. A file held back
-- without a figure has a row to itself.
WITH named AS (
    SELECT *
    FROM held_reason
    WHERE kind IN ('month', 'file') AND heading <> ''
    QUALIFY
        row_number() OVER (
            PARTITION BY kind, file_id, sheet, row, heading, organisation, period
            ORDER BY gravest, "check", reason
        ) = 1
),

whole AS (
    SELECT
        kind,
        file_id,
        organisation,
        period,
        gravest,
        "check",
        outcome,
        reason,
        todo
    FROM held_reason
    WHERE kind = 'month'
    UNION ALL
    SELECT
        kind,
        file_id,
        '' AS organisation,
        '' AS period,
        gravest,
        "check",
        outcome,
        reason,
        todo
    FROM held_reason
    WHERE kind = 'file'
),

grave AS (
    SELECT *
    FROM whole
    QUALIFY
        row_number() OVER (
            PARTITION BY kind, file_id, organisation, period ORDER BY gravest, "check", reason
        ) = 1
),

told AS (
    SELECT
        n.file_id,
        n.sheet,
        n.row,
        n.heading AS "column",
        n.value,
        n.organisation,
        n.period,
        coalesce(e."check", m."check", c."check") AS "check",
        coalesce(e.outcome, m.outcome, c.outcome) AS outcome,
        CASE
            WHEN e.reason IS NOT NULL THEN e.reason
            WHEN m.reason IS NOT NULL THEN 'held back with its ' || n.kind || ': ' || m.reason
            ELSE n.reason
        END AS reason,
        coalesce(e.todo, m.todo, c.todo) AS todo
    FROM not_good AS n
    LEFT JOIN named AS e
        ON
            n.kind = e.kind
            AND n.file_id = e.file_id
            AND n.sheet = e.sheet
            AND n.row = e.row
            AND n.heading = e.heading
            AND n.organisation = e.organisation
            AND n.period = e.period
    LEFT JOIN grave AS m
        ON
            n.kind = m.kind
            AND n.file_id = m.file_id
            AND CASE n.kind WHEN 'month' THEN n.organisation ELSE '' END = m.organisation
            AND CASE n.kind WHEN 'month' THEN n.period ELSE '' END = m.period
    LEFT JOIN held_reason AS c ON n.kind = c.kind AND c.kind IN ('cell', 'row')
    WHERE n.kind IN ('cell', 'row') OR n.status <> 'rejected'
    UNION ALL
    SELECT
        h.file_id,
        '' AS sheet,
        CAST(NULL AS BIGINT) AS row,
        '' AS "column",
        '' AS value,
        '' AS organisation,
        '' AS period,
        m."check",
        m.outcome,
        m.reason,
        m.todo
    FROM held_file AS h
    INNER JOIN grave AS m ON h.file_id = m.file_id AND m.kind = 'file'
    ANTI JOIN staged_value AS v ON h.file_id = v.file_id
)

SELECT
    f.name AS file,
    t.* EXCLUDE (file_id)
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
CROSS JOIN audience AS a
WHERE a.everything OR f.shown_from <= a.day
