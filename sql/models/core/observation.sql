-- Organisation × indicator × month: parts, value and state. A denominator is a sum of
-- items, the days of the month, or one.
WITH part AS (
    SELECT
        n.indicator,
        n.organisation,
        n.role,
        n.period,
        i.denominator_kind,
        i.scale,
        n.value AS numerator,
        CASE i.denominator_kind WHEN 'parts' THEN d.value WHEN 'days' THEN c.days ELSE 1 END
            AS denominator,
        coalesce(n.missing, d.missing) AS missing
    FROM part_value AS n
    INNER JOIN indicator AS i ON n.indicator = i.indicator
    INNER JOIN calendar AS c ON n.period = c.period
    LEFT JOIN part_value AS d
        ON
            n.indicator = d.indicator
            AND n.organisation = d.organisation
            AND n.role = d.role
            AND n.period = d.period
            AND d.part = 'denominator'
    WHERE n.part = 'numerator'
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
