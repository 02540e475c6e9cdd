-- Numerators and denominators of each file's own rows, for the gate's frame, or as the
-- file reports them as such. An item not collected in a month is no part
-- of the sum, unless a figure was sent all the same.
WITH summed AS (
    SELECT
        k.file_id,
        k.organisation,
        k.role,
        k.period,
        t.indicator,
        t.part,
        CASE
            WHEN count(*) FILTER (WHERE v.status = 'reported') = count(*)
                THEN sum(t.coefficient * v.value)
        END AS value
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
),

direct AS (
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
)

SELECT
    file_id,
    organisation,
    role,
    period,
    indicator,
    part,
    coalesce(s.value, d.value) AS value
FROM summed AS s
FULL JOIN direct AS d USING (file_id, organisation, role, period, indicator, part)
