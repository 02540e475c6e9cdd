-- Numerators and denominators: linear sums of items; a part that misses a term says why
-- instead of adding up to something wrong. An item not collected in a month is no part of
-- the sum, unless a figure was sent all the same. Who sent nothing in any area of the
-- indicator (a diagnostic centre has no A&E) is not asked for it. A part that an extract
-- reports as such stands where its items give none.
WITH sender AS (
    SELECT DISTINCT
        organisation,
        role,
        period,
        split_part(item, '.', 1) AS area
    FROM data_item
),

asked AS (
    SELECT DISTINCT
        s.organisation,
        s.role,
        s.period,
        t.indicator
    FROM sender AS s
    INNER JOIN term AS t ON s.role = t.role AND s.area = split_part(t.item, '.', 1)
),

summed AS (
    SELECT
        p.organisation,
        p.role,
        p.period,
        t.indicator,
        t.part,
        CASE WHEN count(d.value) = count(*) THEN sum(t.coefficient * d.value) END AS value,
        min(coalesce(d.status, 'not_reported')) FILTER (WHERE d.value IS NULL) AS missing
    FROM asked AS p
    INNER JOIN term AS t ON p.indicator = t.indicator
    INNER JOIN item AS i ON t.item = i.item
    LEFT JOIN data_item AS d
        ON
            p.organisation = d.organisation
            AND p.role = d.role
            AND p.period = d.period
            AND t.item = d.item
    WHERE
        d.value IS NOT NULL
        OR (
            (i.collected_from IS NULL OR p.period >= i.collected_from)
            AND (i.collected_until IS NULL OR p.period <= i.collected_until)
        )
    GROUP BY p.organisation, p.role, p.period, t.indicator, t.part
),

direct AS (
    SELECT
        d.organisation,
        d.role,
        d.period,
        r.indicator,
        r.part,
        d.value,
        CASE WHEN d.value IS NULL THEN d.status END AS missing
    FROM data_item AS d
    INNER JOIN reported_part AS r ON d.item = r.item AND d.role = r.role
)

SELECT
    organisation,
    role,
    period,
    indicator,
    part,
    coalesce(s.value, d.value) AS value,
    CASE WHEN coalesce(s.value, d.value) IS NULL THEN coalesce(d.missing, s.missing) END AS missing
FROM summed AS s
FULL JOIN direct AS d USING (organisation, role, period, indicator, part)
