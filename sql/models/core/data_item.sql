-- The figures that hold, with confirmed spans without reports taken into account, less
-- those that the figures of a successor already hold.
WITH silent AS (
    SELECT DISTINCT
        v.organisation,
        v.role,
        v.period,
        v.item
    FROM held_figure AS v
    INNER JOIN not_reported_span AS e
        ON
            v.item = e.item
            AND (e.organisation IS NULL OR v.organisation = e.organisation)
            AND (e.role IS NULL OR v.role = e.role)
            AND v.period >= e.period_from
            AND v.period <= e.period_until
)

SELECT
    v.organisation,
    v.role,
    v.period,
    v.item,
    CASE WHEN s.item IS NULL AND v.status = 'reported' THEN v.value END AS value,
    CASE WHEN s.item IS NULL THEN v.status ELSE 'not_reported' END AS status
FROM held_figure AS v
LEFT JOIN silent AS s
    ON
        v.organisation = s.organisation
        AND v.role = s.role
        AND v.period = s.period
        AND v.item = s.item
ANTI JOIN (SELECT * FROM overlap WHERE NOT counted) AS x
    ON
        v.organisation = x.predecessor
        AND v.role = x.role
        AND v.period = x.period
        AND split_part(v.item, '.', 1) = x.area
