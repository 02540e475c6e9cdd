-- stay_band
-- Every band of every organisation and month that has a stay; a band without one is a true zero.
WITH seen AS (
    SELECT DISTINCT
        organisation,
        month
    FROM stay_count
    WHERE fate = 'counted'
)

SELECT
    s.organisation,
    strftime(s.month, '%Y-%m') AS period,
    b.minutes_from,
    CAST(coalesce(c.stays, 0) AS BIGINT) AS stays
FROM seen AS s
CROSS JOIN stay_start AS b
LEFT JOIN stay_count AS c
    ON
        s.organisation = c.organisation
        AND s.month = c.month
        AND b.minutes_from = c.minutes_from
