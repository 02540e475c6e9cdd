-- From which month a body is no longer expected to report an indicator: it was succeeded
-- in an area of the indicator's items, or the workspace says that it closed.
WITH area AS (
    SELECT DISTINCT
        indicator,
        split_part(item, '.', 1) AS area
    FROM term
),

ended AS (
    SELECT
        a.indicator,
        p.predecessor AS organisation,
        p.since
    FROM area AS a
    INNER JOIN succession_path AS p ON a.area = p.area
    UNION ALL
    SELECT
        i.indicator,
        w.organisation,
        n.period AS since
    FROM workspace_organisation AS w
    INNER JOIN calendar AS c ON w.closed = c.period
    INNER JOIN calendar AS n ON c.month + 1 = n.month
    CROSS JOIN indicator AS i
    WHERE i.role = w.role
)

SELECT
    indicator,
    organisation,
    min(since) AS since
FROM ended
GROUP BY indicator, organisation
