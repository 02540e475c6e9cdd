-- Names and places as the submissions say them, once each.
INSERT INTO organisation
SELECT DISTINCT
    k.organisation,
    k.role,
    k.name,
    k.period
FROM record_read AS k
INNER JOIN (SELECT DISTINCT file_id FROM staged_good) AS g ON k.file_id = g.file_id
WHERE k.fate = 'loaded' AND k.name <> '' AND k.period IS NOT NULL
UNION
SELECT DISTINCT
    s.code,
    'icb' AS role,
    s.name,
    s.period
FROM staged_system AS s
INNER JOIN (SELECT DISTINCT file_id FROM staged_good) AS g ON s.file_id = g.file_id
EXCEPT
SELECT * FROM organisation;
