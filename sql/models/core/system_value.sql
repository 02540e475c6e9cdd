-- Indicators of wholes as sums of parts, with who reported of those expected, and how many
-- of both are trusts: of other providers only those that sent a row are expected.
WITH active AS (
    SELECT
        p.*,
        p.state <> 'no_activity' AS counts,
        coalesce(y.trust, FALSE) AS trust
    FROM expected_part AS p
    LEFT JOIN organisation_type AS y ON p.organisation = y.organisation AND p.role = y.role
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
    count(*) FILTER (WHERE a.counts) AS expected,
    count(*) FILTER (WHERE a.trust AND a.state = 'reported') AS trusts_reported,
    count(*) FILTER (WHERE a.trust AND a.counts) AS trusts_expected
FROM active AS a
INNER JOIN scope_member AS s
    ON a.organisation = s.organisation AND a.role = s.role AND a.period = s.period
GROUP BY a.indicator, s.scope_level, s.scope, a.period
