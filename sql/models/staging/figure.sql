-- Every cell that carries an item: its text as a number, or the state its marker means. A run
-- of cells is written as their sum. `loaded` tells the figures of observations from printed
-- totals.
WITH zero AS (
    SELECT
        layout,
        list(text) AS texts
    FROM marker
    WHERE status = 'reported'
    GROUP BY layout
),

cell AS (
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
        k.repeats,
        f.position,
        f.item,
        f.until > f.position AS is_run,
        CASE
            WHEN f.until > f.position
                THEN array_to_string(
                    list_transform(
                        list_slice(k.cells, f.position, f.until),
                        lambda c: CASE
                            WHEN list_contains(z.texts, trim(c)) THEN '0' ELSE trim(c)
                        END
                    ),
                    ' + '
                )
            ELSE coalesce(trim(k.cells[f.position]), '')
        END AS text,
        k.fate = 'loaded' AS loaded,
        k.is_part
    FROM record_read AS k
    INNER JOIN staged_file AS s ON k.file_id = s.file_id
    INNER JOIN staged_field AS f
        ON k.file_id = f.file_id AND k.sheet = f.sheet AND k.split_text = f.split_text
    LEFT JOIN zero AS z ON s.layout = z.layout
    LEFT JOIN staged_reading AS p ON f.file_id = p.file_id AND f.period_text = p.text
    WHERE k.use IS NOT NULL
),

-- Where the letters and marks taken out leave the text as it was, it is digits alone. A comma
-- stands before three digits; elsewhere it may be a decimal one, and the cell is rejected.
number AS (
    SELECT
        *,
        CASE
            WHEN text <> '' AND translate(text, '0123456789', '') = '' THEN try_cast(text AS DOUBLE)
            WHEN regexp_matches(text, '^-?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?$')
                THEN try_cast(replace(text, ',', '') AS DOUBLE)
            WHEN
                is_run
                AND regexp_matches(
                    text,
                    '^-?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?'
                    || '( [+] -?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?)+$'
                )
                THEN list_sum(
                    list_transform(
                        string_split(replace(text, ',', ''), ' + '),
                        lambda c: try_cast(c AS DOUBLE)
                    )
                )
        END AS number
    FROM cell
)

SELECT
    n.* EXCLUDE (number, is_run),
    CASE WHEN m.status IS NOT NULL THEN m.value ELSE n.number END AS value,
    CASE
        WHEN m.status IS NOT NULL THEN m.status
        WHEN n.number IS NOT NULL THEN 'reported'
        ELSE 'rejected'
    END AS status
FROM number AS n
LEFT JOIN marker AS m ON n.layout = m.layout AND n.text = m.text
