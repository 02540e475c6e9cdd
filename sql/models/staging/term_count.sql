-- How many terms a part has in a month: items not collected then do not count.
SELECT
    t.indicator,
    t.part,
    c.period,
    count(*) AS terms
FROM term AS t
INNER JOIN item AS i ON t.item = i.item
INNER JOIN calendar AS c
    ON
        (i.collected_from IS NULL OR c.period >= i.collected_from)
        AND (i.collected_until IS NULL OR c.period <= i.collected_until)
GROUP BY t.indicator, t.part, c.period
