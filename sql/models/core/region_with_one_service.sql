-- Regions whose hospitals can only be conveyed to by one ambulance service.
SELECT
    parent AS region,
    min(organisation) AS service
FROM placement
WHERE role = 'ambulance' AND level = 'region'
GROUP BY parent
HAVING count(DISTINCT organisation) = 1
