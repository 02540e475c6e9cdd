-- Where in a file the numerator of an organisation's indicator begins.
WITH numerator AS (
    SELECT
        indicator,
        item
    FROM term
    WHERE part = 'numerator'
    UNION ALL
    SELECT
        indicator,
        item
    FROM reported_part
    WHERE part = 'numerator'
)

SELECT
    n.indicator,
    v.file_id,
    v.role,
    v.organisation,
    v.period,
    min(v.sheet) AS sheet,
    min(v.row) AS row,
    min(v.position) AS position
FROM staged_value AS v
INNER JOIN numerator AS n ON v.item = n.item
GROUP BY n.indicator, v.file_id, v.role, v.organisation, v.period
