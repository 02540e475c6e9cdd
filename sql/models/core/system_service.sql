-- The ambulance services that convey to a system's hospitals, in every month the services
-- report: by the links of that month, else the last ones known, else the first.
WITH served AS (
    SELECT DISTINCT
        m.parent AS scope,
        l.service,
        l.period
    FROM counted_membership AS m
    INNER JOIN link AS l ON m.organisation = l.hospital AND m.period = l.period
    WHERE m.level = 'icb' AND m.role = 'hospital'
),

known AS (
    SELECT
        p.period,
        coalesce(
            max(s.period) FILTER (WHERE s.period <= p.period),
            min(s.period)
        ) AS known_period
    FROM (SELECT DISTINCT period FROM member_month WHERE role = 'ambulance') AS p
    CROSS JOIN (SELECT DISTINCT period FROM served) AS s
    GROUP BY p.period
)

SELECT
    s.scope,
    s.service,
    k.period
FROM known AS k
INNER JOIN served AS s ON k.known_period = s.period
