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
        coalesce(p.period, k.period) AS period,
        coalesce(p.day, k.day) AS day,
        k.adds,
        f.position,
        f.item,
        coalesce(trim(k.cells[f.position]), '') AS text,
        k.fate = 'loaded' AS loaded,
        k.is_part
    FROM record_read AS k
    INNER JOIN staged_file AS s ON k.file_id = s.file_id
    INNER JOIN staged_field AS f
        ON k.file_id = f.file_id AND k.sheet = f.sheet AND k.split_text = f.split_text
    LEFT JOIN staged_reading AS p ON f.file_id = p.file_id AND f.period_text = p.text
    WHERE k.use IS NOT NULL
),

-- Where the letters and marks taken out leave the text as it was, it is digits alone.
number AS (
    SELECT
        *,
        CASE
            WHEN text <> '' AND translate(text, '0123456789', '') = '' THEN try_cast(text AS DOUBLE)
            WHEN regexp_matches(text, '^-?[0-9][0-9,]*([.][0-9]+)?$')
                THEN try_cast(replace(text, ',', '') AS DOUBLE)
        END AS number
    FROM cell
)

SELECT
    n.* EXCLUDE (number),
    CASE WHEN m.status IS NOT NULL THEN m.value ELSE n.number END AS value,
    CASE
        WHEN m.status IS NOT NULL THEN m.status
        WHEN n.number IS NOT NULL THEN 'reported'
        ELSE 'rejected'
    END AS status
FROM number AS n
LEFT JOIN marker AS m ON n.layout = m.layout AND n.text = m.text
