-- Who belonged to which system and region in each month, and in the month told: the last
-- word said by then, or the first said after. An extract of a month stands before the
-- definitions, a workspace's own membership before both. A body may be shared by several.
WITH said AS (
    SELECT
        organisation,
        role,
        level,
        parent,
        period,
        share,
        0 AS preference
    FROM placement
    WHERE role <> 'any'
    UNION ALL
    -- A list that places a body does so in all its roles.
    SELECT
        p.organisation,
        b.role,
        p.level,
        p.parent,
        p.period,
        p.share,
        0 AS preference
    FROM placement AS p
    INNER JOIN (SELECT DISTINCT organisation, role FROM present) AS b
        ON p.organisation = b.organisation
    WHERE p.role = 'any'
    UNION ALL
    SELECT
        organisation,
        role,
        level,
        parent,
        period,
        share,
        1 AS preference
    FROM known_placement
),

body AS (
    SELECT
        organisation,
        role,
        period
    FROM member_month
    UNION
    SELECT
        p.organisation,
        p.role,
        t.period
    FROM present AS p
    CROSS JOIN month_told AS t
),

from_words AS (
    SELECT
        b.organisation,
        b.role,
        b.period,
        a.level,
        a.parent,
        a.share
    FROM body AS b
    INNER JOIN said AS a ON b.organisation = a.organisation AND b.role = a.role
    QUALIFY
        rank() OVER (
            PARTITION BY b.organisation, b.role, b.period, a.level
            ORDER BY
                CASE WHEN a.period <= b.period THEN 0 ELSE 1 END,
                CASE WHEN a.period <= b.period THEN a.period END DESC,
                a.period,
                a.preference
        ) = 1
),

-- One word may share a body out; whole, it belongs to one.
from_extracts AS (
    SELECT *
    FROM from_words
    QUALIFY
        share < 1
        OR row_number() OVER (PARTITION BY organisation, role, period, level ORDER BY parent) = 1
),

from_workspace AS (
    SELECT
        b.organisation,
        b.role,
        b.period,
        w.level,
        w.parent,
        w.share
    FROM body AS b
    INNER JOIN workspace_membership AS w
        ON
            b.organisation = w.organisation
            AND b.role = w.role
            AND (w.period_from IS NULL OR b.period >= w.period_from)
            AND (w.period_until IS NULL OR b.period <= w.period_until)
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
    e.share
FROM from_extracts AS e
ANTI JOIN from_workspace AS w
    ON
        e.organisation = w.organisation
        AND e.role = w.role
        AND e.period = w.period
        AND e.level = w.level
