-- The heading of every column that holds figures, whichever items its rows give.
SELECT
    file_id,
    sheet,
    position,
    min(heading) AS heading
FROM staged_field
GROUP BY file_id, sheet, position
