-- Organisation × indicator × month: parts, value and state. A denominator is a sum of
-- items, the days of the month, or one.
WITH part AS (
    SELECT
        p.indicator,
        p.organisation,
        p.role,
        p.period,
        i.denominator_kind,
        i.scale,
        p.numerator,
        CASE i.denominator_kind WHEN 'parts' THEN p.denominator WHEN 'days' THEN c.days ELSE 1 END
            AS denominator,
        coalesce(p.numerator_missing, p.denominator_missing) AS missing
    FROM part_value AS p
    INNER JOIN indicator AS i ON p.indicator = i.indicator
    INNER JOIN calendar AS c ON p.period = c.period
)

SELECT
    indicator,
    organisation,
    role,
    period,
    denominator_kind,
    scale,
    numerator,
    denominator,
    scale * numerator / nullif(denominator, 0) AS value,
    CASE
        WHEN missing IS NOT NULL THEN missing
        WHEN numerator IS NULL OR denominator IS NULL THEN 'not_reported'
        WHEN denominator = 0 THEN 'no_activity'
        ELSE 'reported'
    END AS state
FROM part
