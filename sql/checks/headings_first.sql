-- Rows above the headings are set aside as titles; one that has an organisation and figures in
-- most of the columns with an item is no title, and what it says would be lost. (Published
-- workbooks number their columns up there.)
WITH told AS (
    SELECT
        r.file_id,
        r.sheet,
        r.row,
        array_to_string(list_slice(r.cells, 1, 4), ' | ') AS value,
        count(*) AS items,
        count(*) FILTER (
            WHERE regexp_matches(trim(r.cells[d.position]), '^-?[0-9][0-9,]*([.][0-9]+)?$')
        ) AS figures
    FROM staged_record AS r
    INNER JOIN staged_field AS d ON r.file_id = d.file_id AND r.sheet = d.sheet
    INNER JOIN staged_table AS t ON r.file_id = t.file_id AND r.sheet = t.sheet
    WHERE r.fate = 'title' AND trim(coalesce(r.cells[t.code_at], '')) <> ''
    GROUP BY r.file_id, r.sheet, r.row, r.cells
)

SELECT
    f.name AS file,
    t.sheet,
    t.row,
    '' AS "column",
    t.value,
    '' AS organisation,
    '' AS period,
    'a row with ' || t.figures || ' figures stands above the headings' AS message
FROM told AS t
INNER JOIN staged_file AS f ON t.file_id = f.file_id
WHERE t.figures >= 2 AND 2 * t.figures > t.items
ORDER BY ALL
