-- The figures that hold, with confirmed spans without reports taken into account, less
-- those that the figures of a successor already hold.
SELECT
    v.organisation,
    v.role,
    v.period,
    v.item,
    CASE WHEN e.item IS NULL AND v.status = 'reported' THEN v.value END AS value,
    CASE WHEN e.item IS NULL THEN v.status ELSE 'not_reported' END AS status
FROM held_figure AS v
LEFT JOIN not_reported_span AS e
    ON
        v.item = e.item
        AND v.organisation = e.organisation
        AND v.period >= e.period_from
        AND v.period <= e.period_until
ANTI JOIN (SELECT * FROM overlap WHERE NOT counted) AS x
    ON
        v.organisation = x.predecessor
        AND v.role = x.role
        AND v.period = x.period
        AND split_part(v.item, '.', 1) = x.area
