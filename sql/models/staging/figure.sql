-- Every cell that carries an item: its text as a number, or the state its marker means.
-- `loaded` tells the figures of observations from printed totals.
WITH cell AS (
    SELECT
        k.file_id,
        s.layout,
        s.grain,
        k.sheet,
        k.row,
        k.role,
        k.organisation,
        p.period,
        p.day,
        f.position,
        f.item,
        coalesce(trim(r.cells[f.position]), '') AS text
    FROM record_key AS k
    INNER JOIN staged_record AS r
        ON k.file_id = r.file_id AND k.sheet = r.sheet AND k.row = r.row
    INNER JOIN staged_file AS s ON k.file_id = s.file_id
    INNER JOIN staged_field AS f ON k.file_id = f.file_id AND k.sheet = f.sheet
    LEFT JOIN staged_reading AS p ON k.file_id = p.file_id AND k.period_text = p.text
)

SELECT
    c.*,
    a.fate = 'loaded' AS loaded,
    CASE
        WHEN m.status IS NOT NULL THEN m.value
        WHEN regexp_matches(c.text, '^-?[0-9][0-9,]*([.][0-9]+)?$')
            THEN try_cast(replace(c.text, ',', '') AS DOUBLE)
    END AS value,
    CASE
        WHEN m.status IS NOT NULL THEN m.status
        WHEN regexp_matches(c.text, '^-?[0-9][0-9,]*([.][0-9]+)?$') THEN 'reported'
        ELSE 'rejected'
    END AS status
FROM cell AS c
INNER JOIN record_fate AS a ON c.file_id = a.file_id AND c.sheet = a.sheet AND c.row = a.row
LEFT JOIN marker AS m ON c.layout = m.layout AND c.text = m.text
