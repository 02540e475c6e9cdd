-- The month that is told: the latest that every area of a headline indicator has; if none
-- has reported, every area counts, and without a common month the latest of any.
WITH wanted AS (
    SELECT
        p.area,
        p.period
    FROM area_period AS p
    LEFT JOIN headline_area AS h ON p.area = h.area
    WHERE
        h.area IS NOT NULL
        OR NOT EXISTS (
            SELECT 1
            FROM area_period AS q
            INNER JOIN headline_area AS k ON q.area = k.area
        )
),

counted AS (
    SELECT
        period,
        count(*) AS areas
    FROM wanted
    GROUP BY period
)

SELECT period
FROM counted
QUALIFY
    row_number() OVER (
        ORDER BY
            CASE WHEN areas = (SELECT count(DISTINCT w.area) FROM wanted AS w) THEN 0 ELSE 1 END,
            period DESC
    ) = 1
