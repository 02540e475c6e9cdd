-- recorder_pair
-- Two counts of one flow by tie and month. A count is there when every member of the tie
-- that matters (a hundredth of it or more) gave its part; else who is missing is counted.
WITH belongs AS (
    SELECT DISTINCT
        p.rule,
        p.part,
        p.organisation AS tie,
        p.organisation,
        1.0 AS weight
    FROM shape_part AS p
    INNER JOIN shape_pair AS q ON p.rule = q.rule
    WHERE q.tie = 'same_organisation' OR p.role = 'ambulance'
    UNION ALL
    SELECT DISTINCT
        p.rule,
        p.part,
        l.tie,
        p.organisation,
        l.weight
    FROM shape_part AS p
    INNER JOIN shape_pair AS q ON p.rule = q.rule
    INNER JOIN unit_link AS l ON p.organisation = l.unit
    WHERE q.tie = 'conveys_to' AND p.role = 'hospital'
),

size AS (
    SELECT
        b.rule,
        b.part,
        b.tie,
        b.organisation,
        b.weight,
        b.weight * avg(p.value) AS size
    FROM belongs AS b
    INNER JOIN shape_part AS p
        ON b.rule = p.rule AND b.part = p.part AND b.organisation = p.organisation
    GROUP BY b.rule, b.part, b.tie, b.organisation, b.weight
),

member AS (
    SELECT
        rule,
        part,
        tie,
        organisation,
        weight
    FROM size
    QUALIFY size >= 0.01 * sum(size) OVER (PARTITION BY rule, part, tie)
),

month AS (
    SELECT DISTINCT
        rule,
        part,
        period
    FROM shape_part
    WHERE value IS NOT NULL
),

side AS (
    SELECT
        m.rule,
        m.part,
        m.tie,
        t.period,
        CASE WHEN count(p.value) = count(*) THEN sum(m.weight * p.value) END AS value,
        count(*) - count(p.value) AS missing
    FROM member AS m
    INNER JOIN month AS t ON m.rule = t.rule AND m.part = t.part
    LEFT JOIN shape_part AS p
        ON
            m.rule = p.rule
            AND m.part = p.part
            AND m.organisation = p.organisation
            AND t.period = p.period
    GROUP BY m.rule, m.part, m.tie, t.period
)

SELECT
    a.rule,
    a.tie,
    a.period,
    a.value AS one,
    b.value AS other,
    a.missing AS one_missing,
    b.missing AS other_missing
FROM side AS a
INNER JOIN side AS b ON a.rule = b.rule AND a.tie = b.tie AND a.period = b.period
WHERE a.part = 'one' AND b.part = 'other'
