-- Indicators of wholes as sums of parts, with who reported of those expected: members
-- active this month or last.
WITH active AS (
    SELECT
        o.*,
        o.state <> 'no_activity' AS counts
    FROM observation AS o
)

SELECT
    a.indicator,
    s.scope_level,
    s.scope,
    a.period,
    sum(s.share * a.numerator) FILTER (WHERE a.state = 'reported') AS numerator,
    CASE
        WHEN min(a.denominator_kind) = 'parts'
            THEN sum(s.share * a.denominator) FILTER (WHERE a.state = 'reported')
        ELSE max(a.denominator)
    END AS denominator,
    min(a.scale) * sum(s.share * a.numerator) FILTER (WHERE a.state = 'reported')
    / nullif(
        CASE
            WHEN min(a.denominator_kind) = 'parts'
                THEN sum(s.share * a.denominator) FILTER (WHERE a.state = 'reported')
            ELSE max(a.denominator)
        END,
        0
    ) AS value,
    count(*) FILTER (WHERE a.state = 'reported') AS reported,
    count(*) FILTER (WHERE a.counts) AS expected
FROM active AS a
INNER JOIN scope_member AS s
    ON a.organisation = s.organisation AND a.role = s.role AND a.period = s.period
GROUP BY a.indicator, s.scope_level, s.scope, a.period
