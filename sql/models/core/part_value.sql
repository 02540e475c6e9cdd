-- Numerators and denominators: linear sums of items; a part that misses a term says why
-- instead of adding up to something wrong. An item not collected in a month is no part of
-- the sum, unless a figure was sent all the same. Who sent nothing in any area of the
-- indicator (a diagnostic centre has no A&E) is not asked for it. A part that an extract
-- reports as such stands where its items give none.
WITH needed AS (
    SELECT
        t.indicator,
        p.period,
        count(*) FILTER (WHERE t.part = 'numerator') AS numerator_items,
        count(*) FILTER (WHERE t.part = 'denominator') AS denominator_items
    FROM term AS t
    INNER JOIN item AS i ON t.item = i.item
    CROSS JOIN (SELECT DISTINCT period FROM data_item) AS p
    WHERE
        (i.collected_from IS NULL OR p.period >= i.collected_from)
        AND (i.collected_until IS NULL OR p.period <= i.collected_until)
    GROUP BY t.indicator, p.period
),

sender AS (
    SELECT DISTINCT
        organisation,
        role,
        period,
        split_part(item, '.', 1) AS area
    FROM data_item
),

-- What was sent, and beside it a row without a figure for every indicator that is asked for.
figure_of AS (
    SELECT
        d.organisation,
        d.role,
        d.period,
        t.indicator,
        t.part,
        t.coefficient * d.value AS value,
        d.status,
        (i.collected_from IS NULL OR d.period >= i.collected_from)
        AND (i.collected_until IS NULL OR d.period <= i.collected_until) AS collected
    FROM data_item AS d
    INNER JOIN term AS t ON d.role = t.role AND d.item = t.item
    INNER JOIN item AS i ON t.item = i.item
    UNION ALL
    SELECT
        s.organisation,
        s.role,
        s.period,
        t.indicator,
        NULL AS part,
        NULL AS value,
        NULL AS status,
        FALSE AS collected
    FROM sender AS s
    INNER JOIN (SELECT DISTINCT indicator, role, split_part(item, '.', 1) AS area FROM term) AS t
        ON s.role = t.role AND s.area = t.area
),

sent AS (
    SELECT
        organisation,
        role,
        period,
        indicator,
        sum(value) FILTER (WHERE part = 'numerator') AS numerator,
        sum(value) FILTER (WHERE part = 'denominator') AS denominator,
        count(value) FILTER (WHERE part = 'numerator' AND collected) AS numerator_items,
        count(value) FILTER (WHERE part = 'denominator' AND collected) AS denominator_items,
        count(*) FILTER (WHERE part = 'numerator' AND collected) AS numerator_rows,
        count(*) FILTER (WHERE part = 'denominator' AND collected) AS denominator_rows,
        min(status) FILTER (WHERE part = 'numerator' AND collected AND value IS NULL)
            AS numerator_why,
        min(status) FILTER (WHERE part = 'denominator' AND collected AND value IS NULL)
            AS denominator_why
    FROM figure_of
    GROUP BY organisation, role, period, indicator
),

summed AS (
    SELECT
        s.organisation,
        s.role,
        s.period,
        s.indicator,
        CASE WHEN s.numerator_items = coalesce(n.numerator_items, 0) THEN s.numerator END
            AS numerator,
        CASE WHEN s.denominator_items = coalesce(n.denominator_items, 0) THEN s.denominator END
            AS denominator,
        CASE
            WHEN s.numerator_rows < n.numerator_items THEN least(s.numerator_why, 'not_reported')
            ELSE s.numerator_why
        END AS numerator_missing,
        CASE
            WHEN s.denominator_rows < n.denominator_items
                THEN least(s.denominator_why, 'not_reported')
            ELSE s.denominator_why
        END AS denominator_missing
    FROM sent AS s
    LEFT JOIN needed AS n ON s.indicator = n.indicator AND s.period = n.period
    WHERE n.numerator_items > 0 OR s.numerator IS NOT NULL
),

direct AS (
    SELECT
        d.organisation,
        d.role,
        d.period,
        r.indicator,
        max(d.value) FILTER (WHERE r.part = 'numerator') AS numerator,
        max(d.value) FILTER (WHERE r.part = 'denominator') AS denominator,
        min(d.status) FILTER (WHERE r.part = 'numerator' AND d.value IS NULL) AS numerator_missing,
        min(d.status) FILTER (
            WHERE r.part = 'denominator' AND d.value IS NULL
        ) AS denominator_missing
    FROM data_item AS d
    INNER JOIN reported_part AS r ON d.item = r.item AND d.role = r.role
    GROUP BY d.organisation, d.role, d.period, r.indicator
)

SELECT
    organisation,
    role,
    period,
    indicator,
    coalesce(s.numerator, d.numerator) AS numerator,
    coalesce(s.denominator, d.denominator) AS denominator,
    CASE
        WHEN coalesce(s.numerator, d.numerator) IS NULL
            THEN coalesce(d.numerator_missing, s.numerator_missing)
    END AS numerator_missing,
    CASE
        WHEN coalesce(s.denominator, d.denominator) IS NULL
            THEN coalesce(d.denominator_missing, s.denominator_missing)
    END AS denominator_missing
FROM summed AS s
FULL JOIN direct AS d USING (organisation, role, period, indicator)
