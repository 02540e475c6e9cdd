-- Files with nothing to say which is later (both undated, or the same date) that give one
-- figure differently: neither may hold.
SELECT
    a.file_id,
    b.file_id AS other_file_id,
    count(*) AS figures,
    min(a.organisation) AS organisation,
    min(a.period) AS period,
    min(a.item) AS item
FROM staged_value AS a
INNER JOIN staged_value AS b
    ON
        a.role = b.role
        AND a.organisation = b.organisation
        AND a.period = b.period
        AND a.item = b.item
INNER JOIN staged_file AS fa ON a.file_id = fa.file_id
INNER JOIN staged_file AS fb ON b.file_id = fb.file_id
WHERE
    a.file_id <> b.file_id
    AND fa.published_on IS NOT DISTINCT FROM fb.published_on
    AND (a.value IS DISTINCT FROM b.value OR a.status <> b.status)
GROUP BY a.file_id, b.file_id
