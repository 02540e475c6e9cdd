-- Codes and names of the systems whose figures a file prints.
SELECT DISTINCT
    k.file_id,
    k.organisation AS code,
    k.name,
    p.period
FROM record_key AS k
INNER JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
LEFT JOIN record_total AS t ON k.file_id = t.file_id AND k.sheet = t.sheet AND k.row = t.row
WHERE k.use = 'reconcile' AND k.level = 'icb' AND t.row IS NULL AND k.organisation <> ''
