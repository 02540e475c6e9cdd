-- Trusts that gave an indicator within twelve months before, are not closed, and are not in
-- the figures of a month in which others are: they stay expected, so that who stops sending
-- never looks like an improvement, and a year is never compared without them in silence.
WITH seen AS (
    SELECT
        o.indicator,
        o.organisation,
        o.role,
        c.month,
        max(CASE WHEN o.state = 'reported' THEN c.month END) OVER (
            PARTITION BY o.indicator, o.organisation, o.role
            ORDER BY c.month
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS reported_month,
        lead(c.month) OVER (
            PARTITION BY o.indicator, o.organisation, o.role ORDER BY c.month
        ) AS next_month
    FROM observation AS o
    INNER JOIN calendar AS c ON o.period = c.period
),

told AS (
    SELECT DISTINCT
        o.indicator,
        o.period,
        c.month
    FROM observation AS o
    INNER JOIN calendar AS c ON o.period = c.period
    WHERE o.state = 'reported'
)

SELECT
    s.indicator,
    s.organisation,
    s.role,
    t.period
FROM seen AS s
INNER JOIN told AS t
    ON
        s.indicator = t.indicator
        AND t.month > s.month
        AND t.month <= s.reported_month + 12
        AND (s.next_month IS NULL OR t.month < s.next_month)
INNER JOIN organisation_type AS y
    ON s.organisation = y.organisation AND s.role = y.role AND y.trust
LEFT JOIN closed AS x ON s.indicator = x.indicator AND s.organisation = x.organisation
WHERE x.since IS NULL OR t.period < x.since
