-- The figures of loaded rows.
SELECT g.*
FROM figure AS g
INNER JOIN record_fate AS r
    ON g.file_id = r.file_id AND g.sheet = r.sheet AND g.row = r.row
WHERE r.fate = 'loaded'
