-- By how much the parts of an indicator are larger now than when they were first told, and
-- whether a figure of them was not there at first.
SELECT
    t.indicator,
    f.organisation,
    f.role,
    f.period,
    coalesce(sum(t.coefficient * (d.value - f.value)) FILTER (WHERE t.part = 'numerator'), 0)
        AS numerator_more,
    coalesce(sum(t.coefficient * (d.value - f.value)) FILTER (WHERE t.part = 'denominator'), 0)
        AS denominator_more,
    bool_or(f.value IS NULL) AS late
FROM first_figure AS f
INNER JOIN data_item AS d
    ON
        f.organisation = d.organisation
        AND f.role = d.role
        AND f.period = d.period
        AND f.item = d.item
INNER JOIN term AS t ON f.role = t.role AND f.item = t.item
WHERE d.value IS NOT NULL AND f.value IS DISTINCT FROM d.value
GROUP BY t.indicator, f.organisation, f.role, f.period
