-- Every cell that carries an item: its text as a number, or the state its marker means.
WITH cell AS (
    SELECT
        k.file_id,
        s.layout,
        k.sheet,
        k.row,
        k.use,
        k.level,
        k.role,
        k.organisation,
        k.name,
        k.parent,
        k.parent_level,
        p.period,
        f.position,
        f.heading,
        f.item,
        coalesce(trim(k.cells[f.position]), '') AS text
    FROM record_key AS k
    INNER JOIN staged_file AS s ON k.file_id = s.file_id
    INNER JOIN staged_field AS f ON k.file_id = f.file_id AND k.sheet = f.sheet
    LEFT JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
)

SELECT
    c.*,
    CASE
        WHEN m.status IS NULL AND regexp_matches(c.text, '^-?[0-9][0-9,]*([.][0-9]+)?$')
            THEN try_cast(replace(c.text, ',', '') AS DOUBLE)
    END AS value,
    CASE
        WHEN m.status IS NOT NULL THEN m.status
        WHEN regexp_matches(c.text, '^-?[0-9][0-9,]*([.][0-9]+)?$') THEN 'reported'
        ELSE 'rejected'
    END AS status
FROM cell AS c
LEFT JOIN marker AS m ON c.layout = m.layout AND c.text = m.text
