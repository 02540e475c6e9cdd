-- The membership that wholes are added up with. Boundaries of then: that of each month. Of
-- now: every month with that of the month told, of the body that answers then; one without
-- a place then keeps its own, and one without any the place of the month itself.
WITH told AS (
    SELECT m.*
    FROM membership AS m
    INNER JOIN month_told AS t ON m.period = t.period
),

then_place AS (
    SELECT m.*
    FROM membership AS m
    SEMI JOIN member_month AS b
        ON m.organisation = b.organisation AND m.role = b.role AND m.period = b.period
),

candidate AS (
    SELECT
        b.organisation,
        b.role,
        b.period,
        m.level,
        m.parent,
        m.share,
        1 AS preference
    FROM member_month AS b
    INNER JOIN organisation_now AS n ON b.organisation = n.organisation AND b.role = n.role
    INNER JOIN told AS m ON n.now = m.organisation AND b.role = m.role
    UNION ALL
    SELECT
        b.organisation,
        b.role,
        b.period,
        m.level,
        m.parent,
        m.share,
        2 AS preference
    FROM member_month AS b
    INNER JOIN told AS m ON b.organisation = m.organisation AND b.role = m.role
    UNION ALL
    SELECT
        organisation,
        role,
        period,
        level,
        parent,
        share,
        3 AS preference
    FROM then_place
),

now_place AS (
    SELECT *
    FROM candidate
    QUALIFY
        preference = min(preference) OVER (PARTITION BY organisation, role, period, level)
)

SELECT
    p.organisation,
    p.role,
    p.period,
    p.level,
    p.parent,
    p.share
FROM now_place AS p
INNER JOIN boundaries AS b ON b.basis = 'now'
UNION ALL
SELECT
    p.organisation,
    p.role,
    p.period,
    p.level,
    p.parent,
    p.share
FROM then_place AS p
INNER JOIN boundaries AS b ON b.basis = 'then'
