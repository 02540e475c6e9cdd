-- The key of every data row: who, when, and where its table says to look.
SELECT
    r.file_id,
    r.sheet,
    r.row,
    t.use,
    t.level,
    t.role,
    t.width,
    upper(trim(r.cells[t.code_at])) AS organisation,
    trim(regexp_replace(coalesce(r.cells[t.name_at], ''), '[\s\x{A0}]+', ' ', 'g')) AS name,
    trim(regexp_replace(coalesce(r.cells[t.parent_at], ''), '[\s\x{A0}]+', ' ', 'g')) AS parent,
    t.parent_level,
    -- A row of the table that is part of a total loaded from another row of it.
    t.kept_at IS NOT NULL
    AND NOT list_contains(t.kept, lower(trim(coalesce(r.cells[t.kept_at], '')))) AS is_part,
    coalesce(
        t.period_text,
        array_to_string(
            list_transform(
                t.period_at,
                lambda p: trim(regexp_replace(coalesce(r.cells[p], ''), '[\s\x{A0}]+', ' ', 'g'))
            ),
            ' '
        )
    ) AS period_text
FROM staged_record AS r
INNER JOIN staged_table AS t ON r.file_id = t.file_id AND r.sheet = t.sheet
WHERE r.fate = 'data'
