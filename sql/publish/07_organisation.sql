-- Names and places as the submissions say them, once each.
INSERT INTO organisation
SELECT DISTINCT
    k.organisation,
    k.role,
    k.name,
    p.period
FROM record_key AS k
INNER JOIN record_fate AS r ON k.file_id = r.file_id AND k.sheet = r.sheet AND k.row = r.row
INNER JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
INNER JOIN (SELECT DISTINCT file_id FROM staged_good) AS g ON k.file_id = g.file_id
WHERE r.fate = 'loaded' AND k.name <> ''
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
