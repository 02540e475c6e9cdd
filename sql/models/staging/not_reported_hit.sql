-- Organisations whose printed figures mean "not reported" by a rule of the layout:
-- every condition of the rule holds on what they printed.
WITH summed AS (
    SELECT
        c.layout,
        c.rule,
        c.condition,
        c.comparison,
        c.number,
        g.file_id,
        g.role,
        g.organisation,
        g.period,
        sum(g.value) AS total
    FROM figure AS g
    INNER JOIN condition AS c ON g.layout = c.layout AND g.item = c.item
    WHERE g.loaded AND g.status = 'reported'
    GROUP BY ALL
),

met AS (
    SELECT
        *,
        CASE comparison WHEN 'above' THEN total > number ELSE total = number END AS holds
    FROM summed
)

SELECT
    m.layout,
    m.rule,
    m.file_id,
    m.role,
    m.organisation,
    m.period
FROM met AS m
INNER JOIN condition_count AS n ON m.layout = n.layout AND m.rule = n.rule
WHERE m.holds
GROUP BY m.layout, m.rule, m.file_id, m.role, m.organisation, m.period, n.conditions
HAVING count(*) = n.conditions
