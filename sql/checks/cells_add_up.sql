-- Every cell that carries an item, counted by a second reader, must have become a figure, a
-- marked gap, a rejected cell or the repetition of one.
SELECT
    f.name AS file,
    '' AS sheet,
    CAST(NULL AS BIGINT) AS row,
    '' AS "column",
    CAST(c.cells AS VARCHAR) AS value,
    '' AS organisation,
    '' AS period,
    'a second count finds ' || c.cells || ' cells, but ' || c.figures || ' figures, '
    || c.missing || ' missing, ' || c.rejected || ' rejected and ' || c.repeated
    || ' repeated were made of them'
    || CASE WHEN c.unkept <> 0 THEN ', and ' || c.unkept || ' of them were not kept' ELSE '' END
        AS message
FROM file_cell AS c
INNER JOIN staged_file AS f ON c.file_id = f.file_id
WHERE c.cells <> c.figures + c.missing + c.rejected + c.repeated OR c.unkept <> 0
ORDER BY ALL
