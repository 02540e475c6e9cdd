-- The heading of every column that holds figures, whichever items its rows give.
SELECT DISTINCT
    file_id,
    sheet,
    position,
    heading
FROM staged_field
