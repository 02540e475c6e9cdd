-- Who belonged to which system and region in each month: the last word said by then, or
-- the first said after. A workspace's own membership stands before what extracts print.
WITH said AS (
    SELECT
        organisation,
        role,
        level,
        parent,
        period,
        0 AS preference
    FROM placement
),

spine AS (
    SELECT
        p.organisation,
        p.role,
        p.period,
        l.level
    FROM present AS p
    CROSS JOIN (SELECT DISTINCT level FROM placement) AS l
),

from_extracts AS (
    SELECT
        s.organisation,
        s.role,
        s.period,
        s.level,
        a.parent
    FROM spine AS s
    INNER JOIN said AS a
        ON s.organisation = a.organisation AND s.role = a.role AND s.level = a.level
    QUALIFY
        row_number() OVER (
            PARTITION BY s.organisation, s.role, s.period, s.level
            ORDER BY
                CASE WHEN a.period <= s.period THEN 0 ELSE 1 END,
                CASE WHEN a.period <= s.period THEN a.period END DESC,
                a.period,
                a.parent
        ) = 1
),

from_workspace AS (
    SELECT
        p.organisation,
        p.role,
        p.period,
        w.level,
        w.parent,
        w.share
    FROM present AS p
    INNER JOIN workspace_membership AS w
        ON
            p.organisation = w.organisation
            AND p.role = w.role
            AND (w.period_from IS NULL OR p.period >= w.period_from)
            AND (w.period_until IS NULL OR p.period <= w.period_until)
)

SELECT
    organisation,
    role,
    period,
    level,
    parent,
    share
FROM from_workspace
UNION ALL
SELECT
    e.organisation,
    e.role,
    e.period,
    e.level,
    e.parent,
    1.0 AS share
FROM from_extracts AS e
ANTI JOIN from_workspace AS w
    ON
        e.organisation = w.organisation
        AND e.role = w.role
        AND e.period = w.period
        AND e.level = w.level
