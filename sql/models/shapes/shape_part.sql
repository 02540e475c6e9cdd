-- shape_part
-- The sums of items that rules of shape name, by the body that answers today. A part of which
-- a term is missing has no value.
WITH wanted AS (
    SELECT
        rule,
        part,
        count(*) AS terms
    FROM shape_term
    GROUP BY rule, part
),

own AS (
    SELECT
        t.rule,
        t.part,
        d.organisation,
        d.role,
        d.period,
        sum(t.coefficient * d.value) AS value,
        count(d.value) AS known
    FROM shape_term AS t
    INNER JOIN data_item AS d ON t.role = d.role AND t.item = d.item
    GROUP BY t.rule, t.part, d.organisation, d.role, d.period
)

SELECT
    o.rule,
    o.part,
    n.now AS organisation,
    o.role,
    o.period,
    CASE WHEN bool_and(o.known = w.terms) THEN sum(o.value) END AS value
FROM own AS o
INNER JOIN wanted AS w ON o.rule = w.rule AND o.part = w.part
INNER JOIN organisation_now AS n ON o.organisation = n.organisation AND o.role = n.role
GROUP BY o.rule, o.part, n.now, o.role, o.period
