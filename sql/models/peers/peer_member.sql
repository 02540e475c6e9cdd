-- Who is a peer: bodies of the set's role that have its item above the floor in every
-- month of the window in which anybody reports it, less those known to be no trusts.
WITH inside AS (
    SELECT
        n.now AS organisation,
        d.role,
        d.item,
        d.period,
        sum(d.value) AS value
    FROM data_item AS d
    INNER JOIN organisation_now AS n ON d.organisation = n.organisation AND d.role = n.role
    INNER JOIN this_window AS w ON d.period >= w.period_from AND d.period <= w.period_until
    WHERE d.status = 'reported'
    GROUP BY n.now, d.role, d.item, d.period
),

months AS (
    SELECT
        role,
        item,
        count(DISTINCT period) AS months
    FROM inside
    GROUP BY role, item
),

with_item AS (
    SELECT
        s.peer_set,
        i.organisation
    FROM peer_set AS s
    INNER JOIN inside AS i ON s.role = i.role AND s.item = i.item
    INNER JOIN months AS m ON i.role = m.role AND i.item = m.item
    WHERE i.value > s.above
    GROUP BY s.peer_set, i.organisation, m.months
    HAVING count(DISTINCT i.period) = m.months
),

without_item AS (
    SELECT DISTINCT
        s.peer_set,
        i.organisation
    FROM peer_set AS s
    INNER JOIN inside AS i ON s.role = i.role
    WHERE s.item IS NULL
)

SELECT
    p.peer_set,
    p.organisation
FROM (SELECT * FROM with_item UNION ALL SELECT * FROM without_item) AS p
ANTI JOIN peer_left_out AS o ON p.peer_set = o.peer_set AND p.organisation = o.organisation
ANTI JOIN (
    SELECT
        t.organisation,
        s.peer_set
    FROM organisation_type AS t
    INNER JOIN peer_set AS s ON t.role = s.role
    WHERE NOT t.trust AND t.type <> 'unknown'
) AS n ON p.peer_set = n.peer_set AND p.organisation = n.organisation
