-- Names and places as the submissions say them, once each.
INSERT INTO organisation
SELECT DISTINCT
    k.organisation,
    k.role,
    k.name,
    k.period
FROM record_read AS k
SEMI JOIN good_file AS g ON k.file_id = g.file_id
WHERE k.use = 'load' AND k.fate = 'loaded' AND k.name <> '' AND k.period IS NOT NULL
UNION
SELECT DISTINCT
    s.code,
    'icb' AS role,
    s.name,
    s.period
FROM staged_system AS s
SEMI JOIN good_file AS g ON s.file_id = g.file_id
EXCEPT
SELECT * FROM organisation;
