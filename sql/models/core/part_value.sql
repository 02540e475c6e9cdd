-- Numerators and denominators: linear sums of items; a part that misses a term says why
-- instead of adding up to something wrong. An item not collected in a month is no part of
-- the sum, unless a figure was sent all the same.
SELECT
    p.organisation,
    p.role,
    p.period,
    t.indicator,
    t.part,
    CASE WHEN count(d.value) = count(*) THEN sum(t.coefficient * d.value) END AS value,
    min(coalesce(d.status, 'not_reported')) FILTER (WHERE d.value IS NULL) AS missing
FROM present AS p
INNER JOIN term AS t ON p.role = t.role
INNER JOIN item AS i ON t.item = i.item
LEFT JOIN data_item AS d
    ON
        p.organisation = d.organisation
        AND p.role = d.role
        AND p.period = d.period
        AND t.item = d.item
WHERE
    d.value IS NOT NULL
    OR (
        (i.collected_from IS NULL OR p.period >= i.collected_from)
        AND (i.collected_until IS NULL OR p.period <= i.collected_until)
    )
GROUP BY p.organisation, p.role, p.period, t.indicator, t.part
