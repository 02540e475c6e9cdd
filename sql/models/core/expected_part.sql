-- Observations, and beside them a row without figures for every trust that is absent.
SELECT
    indicator,
    organisation,
    role,
    period,
    denominator_kind,
    scale,
    numerator,
    denominator,
    state
FROM observation
UNION ALL
SELECT
    a.indicator,
    a.organisation,
    a.role,
    a.period,
    i.denominator_kind,
    i.scale,
    NULL AS numerator,
    NULL AS denominator,
    'absent' AS state
FROM absent AS a
INNER JOIN indicator AS i ON a.indicator = i.indicator
