-- peer_month
-- Months in which a body has what a peer set asks for: organisation-months that are pooled
-- need not be of bodies that reported all along, as peers are.
WITH figure AS (
    SELECT
        s.peer_set,
        n.now AS organisation,
        d.period
    FROM data_item AS d
    INNER JOIN organisation_now AS n ON d.organisation = n.organisation AND d.role = n.role
    INNER JOIN peer_set AS s ON d.role = s.role AND d.item = s.item
    WHERE d.status = 'reported'
    GROUP BY s.peer_set, n.now, d.period, s.above
    HAVING sum(d.value) > s.above
    UNION ALL
    SELECT DISTINCT
        s.peer_set,
        n.now AS organisation,
        p.period
    FROM present AS p
    INNER JOIN organisation_now AS n ON p.organisation = n.organisation AND p.role = n.role
    INNER JOIN peer_set AS s ON p.role = s.role
    WHERE s.item IS NULL
)

SELECT
    f.peer_set,
    f.organisation,
    f.period
FROM figure AS f
INNER JOIN peer_set AS s ON f.peer_set = s.peer_set
LEFT JOIN organisation_type AS t ON f.organisation = t.organisation AND s.role = t.role
ANTI JOIN peer_left_out AS o ON f.peer_set = o.peer_set AND f.organisation = o.organisation
WHERE coalesce(t.trust OR t.type = 'unknown', TRUE)
