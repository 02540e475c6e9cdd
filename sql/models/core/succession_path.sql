-- Who follows whom in each area of items, immediately or by way of others, and from which
-- month the successor's figures hold the predecessor's. `said` is true where that month
-- was given for the area itself, and not only by law.
WITH RECURSIVE area AS (
    SELECT DISTINCT split_part(item, '.', 1) AS area
    FROM item
),

direct AS (
    SELECT
        s.predecessor,
        s.successor,
        a.area,
        coalesce(o.since, s.since) AS since,
        o.since IS NOT NULL AS said
    FROM succession AS s
    CROSS JOIN area AS a
    LEFT JOIN succession AS o
        ON
            s.predecessor = o.predecessor
            AND s.successor = o.successor
            AND a.area = o.area
    WHERE s.area = ''
),

path AS (
    SELECT
        predecessor,
        successor,
        area,
        since,
        said,
        1 AS steps
    FROM direct
    UNION ALL
    SELECT
        p.predecessor,
        d.successor,
        p.area,
        greatest(p.since, d.since) AS since,
        p.said OR d.said AS said,
        p.steps + 1 AS steps
    FROM path AS p
    INNER JOIN direct AS d ON p.successor = d.predecessor AND p.area = d.area
    WHERE p.steps < 20
)

SELECT
    predecessor,
    successor,
    area,
    since,
    said
FROM path
