-- A total the file prints must equal the sum of its rows, to half a unit.
SELECT
    f.name AS file,
    r.sheet,
    r.row,
    r.heading AS "column",
    regexp_replace(CAST(r.printed AS VARCHAR), '[.]0$', '') AS value,
    CASE r.level WHEN 'england' THEN '' ELSE r.organisation END AS organisation,
    r.period,
    'printed total ' || regexp_replace(CAST(r.printed AS VARCHAR), '[.]0$', '')
    || ' but the rows add up to '
    || regexp_replace(CAST(r.added_up AS VARCHAR), '[.]0$', '') AS message
FROM reconciled_total AS r
INNER JOIN staged_file AS f ON r.file_id = f.file_id
WHERE abs(r.printed - r.added_up) >= 0.5
ORDER BY ALL
