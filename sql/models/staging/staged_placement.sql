-- Who belongs where, as the file's own parent column says it, in codes where a name is known.
WITH said AS (
    SELECT DISTINCT
        k.file_id,
        k.organisation,
        k.role,
        k.name,
        k.parent_level AS level,
        k.parent,
        coalesce(b.period, k.period) AS period,
        CASE WHEN k.share_text IS NULL THEN 1.0 ELSE try_cast(k.share_text AS DOUBLE) END AS share
    FROM record_read AS k
    LEFT JOIN block_period AS b ON k.file_id = b.file_id
    WHERE
        k.fate = 'loaded' AND k.parent <> '' AND k.parent_level IS NOT NULL AND k.period IS NOT NULL
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
    s.share
FROM said AS s
LEFT JOIN region_alias AS a ON s.level = 'region' AND lower(s.parent) = a.alias
LEFT JOIN staged_system AS i
    ON s.level = 'icb' AND s.file_id = i.file_id AND lower(s.parent) = lower(i.name)
