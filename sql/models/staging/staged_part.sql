-- Numerators and denominators of each file's own rows, for the gate's frame.
SELECT
    v.file_id,
    v.organisation,
    v.role,
    v.period,
    t.indicator,
    t.part,
    CASE WHEN count(v.value) = n.terms THEN sum(t.coefficient * v.value) END AS value
FROM staged_value AS v
INNER JOIN term AS t ON v.item = t.item AND v.role = t.role
INNER JOIN term_count AS n
    ON t.indicator = n.indicator AND t.part = n.part AND v.period = n.period
GROUP BY v.file_id, v.organisation, v.role, v.period, t.indicator, t.part, n.terms
