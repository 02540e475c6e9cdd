-- The months of files that write them over blocks of columns: every row speaks of each.
SELECT DISTINCT
    r.file_id,
    r.period
FROM staged_reading AS r
SEMI JOIN (SELECT * FROM staged_table WHERE period_in_columns) AS t ON r.file_id = t.file_id
WHERE r.period IS NOT NULL
