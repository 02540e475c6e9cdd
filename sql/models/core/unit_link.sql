-- Ties of the bodies that answer today: the links in force in the hospital's latest month.
SELECT
    l.service AS tie,
    n.now AS unit,
    l.basis,
    l.weight
FROM link AS l
INNER JOIN organisation_now AS n ON l.hospital = n.organisation AND n.role = 'hospital'
WHERE n.now = l.hospital
QUALIFY l.period = max(l.period) OVER (PARTITION BY n.now)
