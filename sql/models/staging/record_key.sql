-- The key of every data row: who, when, and where its table says to look.
SELECT
    r.file_id,
    r.sheet,
    r.row,
    t.use,
    t.level,
    t.role,
    t.width,
    -- A marker where the code should stand is no code.
    CASE WHEN m.text IS NULL THEN upper(trim(r.cells[t.code_at])) ELSE '' END AS organisation,
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
INNER JOIN staged_file AS s ON r.file_id = s.file_id
LEFT JOIN marker AS m
    ON
        s.layout = m.layout
        AND m.status <> 'reported'
        AND m.text <> ''
        AND trim(r.cells[t.code_at]) = m.text
WHERE r.fate = 'data'
