-- Numerators and denominators of each file's own rows, for the gate's frame. An item not
-- collected in a month is no part of the sum, unless a figure was sent all the same.
SELECT
    k.file_id,
    k.organisation,
    k.role,
    k.period,
    t.indicator,
    t.part,
    CASE WHEN count(v.value) = count(*) THEN sum(t.coefficient * v.value) END AS value
FROM (SELECT DISTINCT file_id, organisation, role, period FROM staged_value) AS k
INNER JOIN term AS t ON k.role = t.role
INNER JOIN item AS i ON t.item = i.item
LEFT JOIN staged_value AS v
    ON
        k.file_id = v.file_id
        AND k.organisation = v.organisation
        AND k.role = v.role
        AND k.period = v.period
        AND t.item = v.item
WHERE
    v.value IS NOT NULL
    OR (
        (i.collected_from IS NULL OR k.period >= i.collected_from)
        AND (i.collected_until IS NULL OR k.period <= i.collected_until)
    )
GROUP BY k.file_id, k.organisation, k.role, k.period, t.indicator, t.part
