-- Who belongs where, as the file's own parent column says it, in codes where a name is known.
WITH said AS (
    SELECT DISTINCT
        k.file_id,
        k.organisation,
        k.role,
        k.name,
        k.parent_level AS level,
        k.parent,
        p.period
    FROM record_key AS k
    INNER JOIN record_fate AS r ON k.file_id = r.file_id AND k.sheet = r.sheet AND k.row = r.row
    INNER JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
    WHERE r.fate = 'loaded' AND k.parent <> '' AND k.parent_level IS NOT NULL
)

SELECT
    s.file_id,
    s.organisation,
    s.role,
    s.name,
    s.level,
    s.parent AS parent_text,
    s.period,
    coalesce(a.code, i.code, s.parent) AS parent,
    1.0 AS share
FROM said AS s
LEFT JOIN region_alias AS a ON s.level = 'region' AND lower(s.parent) = a.alias
LEFT JOIN staged_system AS i
    ON s.level = 'icb' AND s.file_id = i.file_id AND lower(s.parent) = lower(i.name)
