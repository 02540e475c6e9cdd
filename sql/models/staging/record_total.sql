-- Rows that print a total, by the layout's rules; a row is a total once.
SELECT
    k.file_id,
    k.sheet,
    k.row,
    min(t.level) AS level
FROM record_key AS k
INNER JOIN staged_record AS r ON k.file_id = r.file_id AND k.sheet = r.sheet AND k.row = r.row
INNER JOIN staged_total AS t ON k.file_id = t.file_id AND k.sheet = t.sheet
WHERE
    lower(trim(r.cells[t.position])) = lower(t.equals)
    OR (t.starts_with IS NOT NULL AND starts_with(trim(r.cells[t.position]), t.starts_with))
GROUP BY k.file_id, k.sheet, k.row
