-- Ties of the bodies that answer today: the link in force in the latest month.
SELECT
    l.service AS tie,
    n.now AS unit,
    l.basis,
    max(l.weight) AS weight
FROM link AS l
INNER JOIN organisation_now AS n ON l.hospital = n.organisation AND n.role = 'hospital'
WHERE n.now = l.hospital
QUALIFY l.period = max(l.period) OVER (PARTITION BY n.now)
GROUP BY l.service, n.now, l.basis, l.period
