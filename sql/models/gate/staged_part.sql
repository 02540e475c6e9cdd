-- Numerators and denominators of each file's own rows, for the gate's frame, or as the
-- file reports them as such. An item not collected in a month is no part of the sum,
-- unless a figure was sent all the same.
WITH needed AS (
    SELECT
        t.indicator,
        t.part,
        p.period,
        count(*) AS items
    FROM term AS t
    INNER JOIN item AS i ON t.item = i.item
    CROSS JOIN (SELECT DISTINCT period FROM staged_reading WHERE period IS NOT NULL) AS p
    WHERE
        (i.collected_from IS NULL OR p.period >= i.collected_from)
        AND (i.collected_until IS NULL OR p.period <= i.collected_until)
    GROUP BY t.indicator, t.part, p.period
),

sent AS (
    SELECT
        v.file_id,
        v.organisation,
        v.role,
        v.period,
        t.indicator,
        t.part,
        sum(t.coefficient * v.value) AS value,
        count(*) FILTER (
            WHERE
            (i.collected_from IS NULL OR v.period >= i.collected_from)
            AND (i.collected_until IS NULL OR v.period <= i.collected_until)
        ) AS items
    FROM staged_value AS v
    INNER JOIN term AS t ON v.role = t.role AND v.item = t.item
    INNER JOIN item AS i ON t.item = i.item
    WHERE v.status = 'reported'
    GROUP BY v.file_id, v.organisation, v.role, v.period, t.indicator, t.part
)

SELECT
    s.file_id,
    s.organisation,
    s.role,
    s.period,
    s.indicator,
    s.part,
    s.value
FROM sent AS s
LEFT JOIN needed AS n ON s.indicator = n.indicator AND s.part = n.part AND s.period = n.period
WHERE s.items = coalesce(n.items, 0)
UNION ALL
SELECT
    v.file_id,
    v.organisation,
    v.role,
    v.period,
    r.indicator,
    r.part,
    v.value
FROM staged_value AS v
INNER JOIN reported_part AS r ON v.item = r.item AND v.role = r.role
ANTI JOIN sent AS s
    ON
        v.file_id = s.file_id
        AND v.organisation = s.organisation
        AND v.role = s.role
        AND v.period = s.period
        AND r.indicator = s.indicator
        AND r.part = s.part
