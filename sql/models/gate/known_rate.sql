-- Indicators that divide, or are reported as such, for each organisation and month: of what is
-- staged, else as made of the figures published before. `file_id` is null where they only give
-- the history, also because they say again what was published before.
WITH shown AS (
    SELECT DISTINCT shown_from
    FROM staged_file
),

staged AS (
    SELECT
        a.shown_from,
        p.role,
        p.organisation,
        p.indicator,
        c.month,
        CASE WHEN f.shown_from = a.shown_from THEN p.file_id END AS file_id,
        max(p.value) FILTER (WHERE p.part = 'numerator') AS numerator,
        max(p.value) FILTER (WHERE p.part = 'denominator') AS denominator
    FROM staged_part AS p
    INNER JOIN staged_file AS f ON p.file_id = f.file_id
    INNER JOIN shown AS a ON f.shown_from <= a.shown_from
    INNER JOIN calendar AS c ON p.period = c.period
    GROUP BY ALL
),

needed AS (
    SELECT
        t.indicator,
        t.part,
        c.month,
        count(*) AS items
    FROM term AS t
    INNER JOIN item AS i ON t.item = i.item
    CROSS JOIN (SELECT DISTINCT month FROM ledger_figure) AS m
    INNER JOIN calendar AS c ON m.month = c.month
    WHERE
        (i.collected_from IS NULL OR c.period >= i.collected_from)
        AND (i.collected_until IS NULL OR c.period <= i.collected_until)
    GROUP BY t.indicator, t.part, c.month
),

part_before AS (
    SELECT
        g.shown_from,
        g.role,
        g.organisation,
        t.indicator,
        t.part,
        g.month,
        sum(t.coefficient * g.value) AS value
    FROM ledger_figure AS g
    INNER JOIN term AS t ON g.role = t.role AND g.item = t.item
    INNER JOIN needed AS n ON t.indicator = n.indicator AND t.part = n.part AND g.month = n.month
    GROUP BY g.shown_from, g.role, g.organisation, t.indicator, t.part, g.month, n.items
    HAVING count(*) >= n.items
    UNION ALL
    SELECT
        g.shown_from,
        g.role,
        g.organisation,
        r.indicator,
        r.part,
        g.month,
        g.value
    FROM ledger_figure AS g
    INNER JOIN reported_part AS r ON g.item = r.item AND g.role = r.role
),

before AS (
    SELECT
        shown_from,
        role,
        organisation,
        indicator,
        month,
        max(value) FILTER (WHERE part = 'numerator') AS numerator,
        max(value) FILTER (WHERE part = 'denominator') AS denominator
    FROM part_before
    GROUP BY shown_from, role, organisation, indicator, month
),

at_hand AS (
    SELECT
        s.shown_from,
        s.role,
        s.organisation,
        s.indicator,
        s.month,
        CASE
            WHEN
                s.numerator IS DISTINCT FROM b.numerator
                OR s.denominator IS DISTINCT FROM b.denominator
                THEN s.file_id
        END AS file_id,
        s.numerator,
        s.denominator
    FROM staged AS s
    LEFT JOIN before AS b
        ON
            s.shown_from = b.shown_from
            AND s.role = b.role
            AND s.organisation = b.organisation
            AND s.indicator = b.indicator
            AND s.month = b.month
    UNION ALL
    SELECT
        b.shown_from,
        b.role,
        b.organisation,
        b.indicator,
        b.month,
        NULL AS file_id,
        b.numerator,
        b.denominator
    FROM before AS b
    ANTI JOIN staged AS s
        ON
            b.shown_from = s.shown_from
            AND b.role = s.role
            AND b.organisation = s.organisation
            AND b.indicator = s.indicator
            AND b.month = s.month
)

SELECT
    h.shown_from,
    h.role,
    h.organisation,
    h.indicator,
    h.month,
    h.file_id,
    h.numerator,
    h.denominator,
    i.scale * h.numerator / coalesce(nullif(h.denominator, 0), 1) AS value
FROM at_hand AS h
INNER JOIN indicator AS i ON h.indicator = i.indicator
WHERE
    h.numerator IS NOT NULL
    AND (
        (i.denominator_kind = 'parts' AND h.denominator > 0 AND h.denominator >= i.least)
        OR (i.denominator_kind = 'one' AND i.unit <> 'count')
    )
