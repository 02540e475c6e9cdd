-- Codes and names of the systems whose figures a file prints.
SELECT DISTINCT
    k.file_id,
    k.organisation AS code,
    k.name,
    k.period
FROM record_read AS k
WHERE
    k.use = 'reconcile'
    AND k.level = 'icb'
    AND NOT k.is_total
    AND k.organisation <> ''
    AND k.period IS NOT NULL
