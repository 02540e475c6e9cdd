-- The bodies that answer today for each whole in the month told and the same month a year
-- before: whether each gave a part of some activity in the one, in the other, with which
-- share, and its size as a part of all in the larger of its two months.
WITH months AS (
    SELECT
        t.period AS now_period,
        b.period AS before_period
    FROM month_told AS t
    INNER JOIN calendar AS c ON t.period = c.period
    INNER JOIN calendar AS b ON c.month - 12 = b.month
),

member AS (
    SELECT
        s.scope_level,
        s.scope,
        n.now AS unit,
        s.role,
        max(CASE WHEN s.period = m.now_period THEN s.share END) AS share_now,
        max(CASE WHEN s.period = m.before_period THEN s.share END) AS share_before
    FROM scope_member AS s
    INNER JOIN months AS m ON s.period IN (m.now_period, m.before_period)
    INNER JOIN organisation_now AS n ON s.organisation = n.organisation AND s.role = n.role
    GROUP BY s.scope_level, s.scope, n.now, s.role
),

part AS (
    SELECT
        u.indicator,
        u.organisation,
        u.role,
        max(CASE WHEN u.period = m.now_period THEN u.numerator END) AS numerator,
        max(CASE WHEN u.period = m.now_period THEN u.denominator END) AS denominator,
        max(CASE WHEN u.period = m.before_period THEN u.numerator END) AS numerator_before,
        max(CASE WHEN u.period = m.before_period THEN u.denominator END) AS denominator_before
    FROM unit_part AS u
    INNER JOIN months AS m ON u.period IN (m.now_period, m.before_period)
    GROUP BY u.indicator, u.organisation, u.role
),

paired AS (
    SELECT
        p.indicator,
        m.scope_level,
        m.scope,
        m.unit,
        m.role,
        coalesce(y.trust, FALSE) AS trust,
        coalesce(m.share_now, m.share_before) AS share,
        p.numerator,
        p.denominator,
        p.numerator_before,
        p.denominator_before,
        m.share_now IS NOT NULL
        AND p.numerator IS NOT NULL
        AND coalesce(p.denominator, 0) <> 0 AS in_now,
        m.share_before IS NOT NULL
        AND p.numerator_before IS NOT NULL
        AND coalesce(p.denominator_before, 0) <> 0 AS in_before,
        coalesce(m.share_now <> m.share_before, FALSE) AS share_moved,
        coalesce(m.share_now, m.share_before) * CASE
            WHEN i.denominator_kind = 'parts'
                THEN greatest(coalesce(p.denominator, 0), coalesce(p.denominator_before, 0))
            ELSE greatest(coalesce(p.numerator, 0), coalesce(p.numerator_before, 0))
        END AS extent
    FROM member AS m
    INNER JOIN part AS p ON m.unit = p.organisation AND m.role = p.role
    INNER JOIN indicator AS i ON p.indicator = i.indicator
    LEFT JOIN organisation_type AS y ON m.unit = y.organisation AND m.role = y.role
)

SELECT
    *,
    coalesce(
        extent / nullif(sum(extent) OVER (PARTITION BY indicator, scope_level, scope), 0),
        0
    ) AS size
FROM paired
