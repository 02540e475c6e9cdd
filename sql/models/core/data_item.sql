-- The figures that hold now, with confirmed spans without reports taken into account.
SELECT
    v.organisation,
    v.role,
    v.period,
    v.item,
    CASE WHEN e.item IS NULL THEN v.value END AS value,
    CASE WHEN e.item IS NULL THEN v.status ELSE 'not_reported' END AS status
FROM data_item_value AS v
LEFT JOIN not_reported_span AS e
    ON
        v.item = e.item
        AND v.organisation = e.organisation
        AND v.period >= e.period_from
        AND v.period <= e.period_until
WHERE v.known_to IS NULL
