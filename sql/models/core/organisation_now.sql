-- The body that answers in the month told for each organisation, followed through the
-- successions that the law had made by then.
WITH RECURSIVE followed AS (
    SELECT DISTINCT
        organisation,
        role,
        organisation AS now,
        0 AS steps
    FROM data_item
    UNION ALL
    SELECT
        f.organisation,
        f.role,
        s.successor AS now,
        f.steps + 1 AS steps
    FROM followed AS f
    INNER JOIN succession AS s ON f.now = s.predecessor AND s.area = ''
    INNER JOIN month_told AS t ON s.since <= t.period
    WHERE f.steps < 20
)

SELECT
    organisation,
    role,
    now
FROM followed
QUALIFY row_number() OVER (PARTITION BY organisation, role ORDER BY steps DESC, now) = 1
